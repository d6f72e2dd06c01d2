public import Postgres
public import Tenancy

/// The stores in Postgres that channels work on.
public struct ChannelStores: Sendable {
    /// The channels with their secrets.
    public let channels: ChannelStore
    /// Who writes over them.
    public let contacts: ContactStore
    /// What providers told.
    public let events: ChannelEventStore
    /// What is to be sent.
    public let outbox: OutboxStore
    let mails: MailStore
    let products: ProductStore

    /// Stores on `client` that seal secrets with `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        channels = ChannelStore(client, secrets: secrets)
        contacts = ContactStore(client)
        events = ChannelEventStore(client)
        outbox = OutboxStore(client)
        mails = MailStore(client)
        products = ProductStore(client)
    }
}
