import Foundation
import JSON
import Tenancy

/// Which links a turn's answer may carry: the company's sites are those that may embed its chat; a tool shares an
/// address by returning it in a field whose name ends in `url`.
enum LinkPolicy {
    static func rule(for taint: Taint, company: Company, results: [JSONValue]) -> LinkRule {
        switch taint.links {
        case .none: .none
        case .company: LinkRule(hosts: hosts(company), shared: [])
        case .companyAndShared: LinkRule(hosts: hosts(company), shared: shared(results))
        }
    }

    private static func hosts(_ company: Company) -> Set<String> {
        Set((company.settings.allowedOrigins ?? []).compactMap { LinkRule.host(of: $0) })
    }

    private static func shared(_ results: [JSONValue]) -> Set<String> {
        var found: Set<String> = []
        func collect(_ value: JSONValue) {
            switch value {
            case .object(let members):
                for (key, member) in members {
                    if key.lowercased().hasSuffix("url"), let text = member.stringValue { found.insert(text) }
                    collect(member)
                }
            case .array(let elements): for element in elements { collect(element) }
            case .null, .bool, .integer, .number, .string: break
            }
        }
        for result in results { collect(result) }
        return found
    }
}
