import Conversations
import Foundation
import Tenancy

/// Checks the people that a conversation in MongoDB points at, who are rows in Postgres.
struct ConversationReferences: Sendable {
    let customers: CustomerStore
    let members: MemberStore

    /// Makes sure that both exist in the company, as far as they are given. A visitor may set neither who takes care of
    /// a conversation, nor which agent answers in it, nor whether it is over.
    ///
    /// - Throws: `InvalidFields` naming each that does not; somebody of another company does not.
    func check(
        customerId: UUID?, assignee: UUID?, agent: String?, status: ConversationStatus? = nil, in scope: TenantScope
    ) async throws {
        var errors: [FieldError] = []
        if status != nil, scope.customerId != nil {
            errors.append(FieldError("status", "not_allowed", "is for the company to set"))
        }
        if agent != nil, scope.customerId != nil {
            errors.append(FieldError("agent", "not_allowed", "is for the company to set"))
        }
        // Whoever may write in a conversation may learn that these exist, but not read them.
        let inside = TenantScope.forJob(companyId: scope.companyId)
        if let customerId, scope.customerId == nil, try await customers.find(inside, customerId) == nil {
            errors.append(FieldError("customerId", "not_found", "there is no such customer"))
        }
        if let assignee {
            if scope.customerId != nil {
                errors.append(FieldError("assignee", "not_allowed", "is for the company to set"))
            } else if try await members.find(inside, assignee) == nil {
                errors.append(FieldError("assignee", "not_found", "there is no such member"))
            }
        }
        if !errors.isEmpty { throw InvalidFields(errors) }
    }
}
