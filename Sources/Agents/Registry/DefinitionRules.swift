import Tenancy

/// What a company's own agent may be, as far as this floor knows: names that nobody may take, tools that exist and fit
/// whom it serves.
enum DefinitionRules {
    static func check(_ draft: AgentDraft, tools: ToolCatalog) throws(InvalidFields) {
        var errors: [FieldError] = []
        func refuseReserved(_ field: String, _ name: String) {
            guard MentionDirectory.reservedWords.contains(name) else { return }
            errors.append(FieldError(field, "not_allowed", "\"\(name)\" is reserved; choose another name"))
        }
        refuseReserved("name", draft.name)
        for (place, alias) in draft.aliases.enumerated() { refuseReserved("aliases[\(place)]", alias) }
        for (place, name) in draft.tools.enumerated() {
            let field = "tools[\(place)]"
            if draft.tools[..<place].contains(name) {
                errors.append(FieldError(field, "not_allowed", "is listed twice"))
                continue
            }
            guard let tool = tools.tool(name) else {
                errors.append(FieldError(field, "not_found", "there is no tool \"\(name.prefix(64))\""))
                continue
            }
            if draft.audience != .internal, !tool.effect.isAllowedForCustomers {
                errors.append(
                    FieldError(
                        field, "not_allowed",
                        "\"\(name)\" is a \(tool.effect.rawValue) tool; an agent that serves customers cannot have it"))
            }
        }
        if !errors.isEmpty { throw InvalidFields(errors) }
    }
}
