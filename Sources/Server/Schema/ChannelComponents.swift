import JSON
import Tenancy

/// The shapes of channels.
enum ChannelComponents {
    static let all: [(name: String, schema: Schema)] = [("Channel", channel)]

    private static let channel = Schema.object([
        .required("id", .identifier), .required("companyId", .identifier),
        .required("kind", .words(Channel.Kind.allCases.map(\.rawValue)).example("whatsapp")),
        .required("name", .text().example("Support")),
        .required("address", .text().example("106540352242922").described("The phone number id, or the address.")),
        .required("replyAddress", .text(format: .email).orNull.example(.null)),
        .required("agent", .text().orNull.example("sales")),
        .required(
            "template", Schema.object([.required("name", .text()), .required("language", .text())]).orNull),
        .required("enabled", .boolean),
        .required(
            "status",
            .words(Channel.Status.allCases.map(\.rawValue)).described(
                "`paused`: nothing is sent until what `lastError` says is put right.")),
        .required("lastError", .text().orNull.example(.null)),
        .required(
            "webhookPath",
            .text().example("/webhooks/whatsapp/0197a6c2-1b7e-7d3a-9c52-8e4f60b1d2a3").described(
                "To be entered at the provider, behind the public address of this server.")),
        .required("createdAt", .time), .required("updatedAt", .time),
    ])
}
