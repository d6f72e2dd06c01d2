import Agents
import Conversations
import Foundation
import JSON
import Logging
import Tenancy

/// Times that customers asked for through agents.
struct BookingRoutes: RouteGroup {
    let bookings: BookingStore
    let conversations: ConversationStore
    let logger: Logger

    var routes: [Route] { [list, get, decide] }

    private static let statuses = Booking.Status.allCases.map(\.rawValue)

    private var list: Route {
        Route(
            method: .get, path: "/api/bookings", summary: "Times that customers asked for, newest request first.",
            tag: "Sales", access: .company(.salesRead),
            query: QueryParameter.page + [
                QueryParameter("status", .words(Self.statuses), "With this status only.")
            ], answers: [.page(of: "Booking")]
        ) { call in
            .cacheable(try await bookings.list(call.scope, page: call.page(), status: call.query.word("status")))
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/bookings/{id}", summary: "One time that was asked for.", tag: "Sales",
            access: .company(.salesRead), answers: [.ok("Booking").tagged]
        ) { call in
            let booking = try await bookings.get(call.scope, call.id())
            return Answer.json(booking).tagged(booking.version)
        }
    }

    private var decide: Route {
        Route(
            method: .patch, path: "/api/bookings/{id}",
            summary:
                "Confirm or decline a request, or call a confirmed booking off. The customer is told where they asked.",
            tag: "Sales", access: .company(.salesWrite),
            body: .object([.required("status", .words(["confirmed", "declined", "cancelled"]))]),
            answers: [.ok("Booking").tagged]
        ) { call in
            let status: Booking.Status = call.input.word("status") ?? .declined
            let booking = try await bookings.decide(call.scope, call.id(), status, ifVersion: try call.ifMatch())
                .booking
            await tell(booking, of: try call.scope.companyId)
            return Answer.json(booking).tagged(booking.version)
        }
    }

    /// Tells whoever asked, once for each decision, however often it is made. The decision stands whether or not the
    /// conversation does.
    private func tell(_ booking: Booking, of companyId: UUID) async {
        guard let conversationId = booking.content.conversationId else { return }
        let draft = MessageDraft(
            role: .system, content: BookingNotice.text(booking), id: BookingNotice.id(booking),
            metadata: ["mode": "notice", "skill": "booking", "bookingId": .string(booking.id.lowercased)])
        do {
            _ = try await conversations.append(draft, to: conversationId, in: .forJob(companyId: companyId))
        } catch is NotFound { return } catch {
            logger.warning(
                "nobody was told of a booking", metadata: ["booking": "\(booking.id.lowercased)", "error": "\(error)"])
        }
    }
}
