import HTTPTypes
import JSON

extension Route.Documented {
    /// 200 with the component called `name`.
    static func ok(_ name: String, _ summary: String = "It.") -> Route.Documented {
        .init(status: 200, schema: .reference(name), summary: summary)
    }

    /// 201 with the component called `name`.
    static func created(_ name: String, _ summary: String = "It was made.") -> Route.Documented {
        .init(status: 201, schema: .reference(name), summary: summary)
    }

    /// 200 with a page of the component called `name`.
    static func page(of name: String) -> Route.Documented {
        .init(status: 200, schema: Components.page(of: name), summary: "A page of the list.", headers: [.eTag])
    }

    /// This answer with the entity tag that conditional requests go by.
    var tagged: Route.Documented { with(.eTag) }

    /// This answer with the path of what was made.
    var located: Route.Documented { with(.location) }

    /// This answer, which can wait for the agents.
    var patient: Route.Documented { with(.preferenceApplied) }

    private func with(_ header: HTTPField.Name) -> Route.Documented {
        var answer = self
        answer.headers.append(header)
        return answer
    }

    /// 204.
    static let done = Route.Documented(status: 204, schema: nil, summary: "Done.")
}
