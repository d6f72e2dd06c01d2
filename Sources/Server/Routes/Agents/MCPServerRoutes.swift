import Agents
import JSON
import Tenancy

/// A company's MCP servers. Secrets go in and never come out.
struct MCPServerRoutes: RouteGroup {
    let servers: ToolServerStore
    let tools: MCPTools

    var routes: [Route] { [list, create, get, change, delete, refresh, listTools, changeTool] }

    private static let url = Schema.text(1...2000).described(
        "https on port 443, on the public internet, without credentials; places that the operator allows besides."
    ).example("https://mcp.example.com/mcp")
    private static let authKind = Schema.words(["none", "bearer", "header"]).described(
        "How Switchboard shows the server who it is: not at all, by `Authorization: Bearer`, by a header of its own.")
    private static let secret = Schema.text(1...4096).described(
        "Write only. It has to be given again with a new `url`, `authKind` or `authHeader`.")
    private static let options: [Field] = [
        .optional("authKind", authKind),
        .optional("authHeader", .text(1...64).orNull.described("The header for `authKind: header`.")),
        .optional("secret", secret.orNull),
        .optional("trusted", .boolean.described("Whether its word that a tool only reads is believed.")),
        .optional(
            "approval",
            .words(ToolServer.Approval.allCases.map(\.rawValue)).described(
                "Which calls a member approves: all, those that may change something, none.")),
        .optional("enabled", .boolean),
        .optional(
            "timeoutSeconds", .integer(1...60).described("How long a call may take without progress; 20 without it.")),
    ]

    private var list: Route {
        Route(
            method: .get, path: "/api/mcp-servers", summary: "List the company's MCP servers.", tag: "MCP servers",
            access: .company(.agentsWrite), query: QueryParameter.page, answers: [.page(of: "MCPServer")]
        ) { call in .cacheable(try await servers.list(call.scope, page: call.page())) }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/mcp-servers",
            summary:
                "Add an MCP server and list its tools. None works before its definition is approved; `health` says "
                + "whether the server could be used.",
            tag: "MCP servers", access: .company(.agentsWrite),
            body: .object(
                [
                    .required("name", .text(1...200, notBlank: true).example("Weather")),
                    .required(
                        "slug",
                        .text(1...10).example("weather").described(
                            "Part of the names of its tools: a lower-case letter, then letters, digits, hyphens.")),
                    .required("url", Self.url),
                ] + Self.options), answers: [.created("MCPServer").located.tagged]
        ) { call in
            let server = try await servers.create(call.scope, try ToolServerDraft(call.input), id: call.resourceId)
            let listed = try await tools.refresh(try call.scope, server.id)
            return Answer.created(listed, at: "/api/mcp-servers/\(listed.id.lowercased)").tagged(listed.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/mcp-servers/{id}", summary: "One MCP server.", tag: "MCP servers",
            access: .company(.agentsWrite), answers: [.ok("MCPServer").tagged]
        ) { call in
            let server = try await servers.get(call.scope, call.id())
            return Answer.json(server).tagged(server.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/mcp-servers/{id}",
            summary: "Change an MCP server. With a new address its tools have to be approved again.",
            tag: "MCP servers", access: .company(.agentsWrite),
            body: .object(
                [.optional("name", .text(1...200, notBlank: true)), .optional("url", Self.url)] + Self.options),
            answers: [.ok("MCPServer").tagged]
        ) { call in
            let patch = try ToolServerPatch(call.input)
            let server = try await servers.update(call.scope, call.id(), patch, ifVersion: try call.ifMatch())
            guard patch.reachesOtherwise else { return Answer.json(server).tagged(server.version) }
            let listed = try await tools.refresh(try call.scope, server.id)
            return Answer.json(listed).tagged(listed.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/mcp-servers/{id}", summary: "Remove an MCP server with its tools and secret.",
            tag: "MCP servers", access: .company(.agentsWrite), answers: [.done]
        ) { call in
            try await servers.delete(call.scope, call.id())
            return .noContent
        }
    }

    private var refresh: Route {
        Route(
            method: .post, path: "/api/mcp-servers/{id}/refresh",
            summary:
                "List the server's tools again. A tool whose definition changed stops to work until it is approved.",
            tag: "MCP servers", access: .company(.agentsWrite), body: .object([]), bodyIsOptional: true,
            answers: [.ok("MCPServer").tagged]
        ) { call in
            let server = try await tools.refresh(try call.scope, call.id())
            return Answer.json(server).tagged(server.version)
        }
    }

    private var listTools: Route {
        Route(
            method: .get, path: "/api/mcp-servers/{id}/tools", summary: "The server's tools, by name.",
            tag: "MCP servers", access: .company(.agentsWrite), query: QueryParameter.page,
            answers: [.page(of: "MCPTool")]
        ) { call in .cacheable(try await servers.tools(call.scope, of: call.id(), page: call.page())) }
    }

    private var changeTool: Route {
        Route(
            method: .patch, path: "/api/mcp-servers/{id}/tools/{name}",
            summary: "Approve a tool's definition by its hash, withdraw that, or switch the tool on or off.",
            tag: "MCP servers", access: .company(.agentsWrite),
            body: .object([
                .optional(
                    "approvedHash",
                    .text(64...64).orNull.described("The `hash` of the definition that was read; `null` withdraws.")),
                .optional("enabled", .boolean),
            ]), answers: [.ok("MCPTool")]
        ) { call in
            let input = call.input
            return .json(
                try await servers.change(
                    call.scope, call.id(), tool: try call.name(),
                    approvedHash: input.optionalChange("approvedHash", Input.string),
                    enabled: input.change("enabled", Input.flag)))
        }
    }
}
