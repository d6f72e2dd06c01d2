import Conversations
import Foundation

/// The places for turns in one process. Pure: no clock, no locks, no tasks.
///
/// One turn for each conversation, so many for each company and in all. The store is the referee between processes;
/// this only keeps one process from asking for what it knows to be taken.
struct TurnPlaces {
    let atOnce: Int
    let perCompany: Int
    private var busy: Set<TurnStore.Lane> = []
    private var slots: [UUID: Set<Int>] = [:]

    init(atOnce: Int, perCompany: Int) {
        self.atOnce = atOnce
        self.perCompany = perCompany
    }

    /// How many more turns may run.
    var free: Int { max(0, atOnce - busy.count) }

    /// A place, numbered within the company; nil when there is none.
    mutating func take(_ lane: TurnStore.Lane) -> Int? {
        let taken = slots[lane.companyId] ?? []
        guard free > 0, !busy.contains(lane), let slot = (0..<perCompany).first(where: { !taken.contains($0) }) else {
            return nil
        }
        busy.insert(lane)
        slots[lane.companyId, default: []].insert(slot)
        return slot
    }

    /// Gives a place back.
    mutating func leave(_ lane: TurnStore.Lane, _ slot: Int) {
        busy.remove(lane)
        slots[lane.companyId]?.remove(slot)
        if slots[lane.companyId]?.isEmpty == true { slots[lane.companyId] = nil }
    }
}
