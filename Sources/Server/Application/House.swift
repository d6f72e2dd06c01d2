import Agents
import Cache
import Channels
import Conversations
import Egress
import Foundation
import LanguageModels
import Logging
import Postgres
import ServiceLifecycle
import Tenancy

/// Every part of a running server, made once and wired together here and nowhere else.
struct House {
    let gateway: Gateway
    let routes: [Route]
    /// What runs beside HTTP, in the order of dependence.
    let services: [any Service]
    /// What `switchboard work` runs: the agents' turns and what time brings about, without HTTP.
    let workServices: [any Service]

    init(_ settings: Settings, metrics: PrometheusRegistry, stopping: StoppingFlag, logger: Logger) async throws {
        let stores = try Stores(settings.stores, logger: logger)
        let postgres = stores.postgres
        let limiter = RateLimiter(client: stores.redis, logger: logger)
        let cache = GenerationCache(client: stores.redis, logger: logger)
        let people = try await People(settings.identity, postgres: postgres)
        let feed = EventFeed(client: stores.redis, logger: logger)
        let presence = PresenceKeeper(store: PresenceStore(client: stores.redis), feed: feed)
        let streams = StreamHub(feed: feed, presence: presence, limits: settings.http.streams)
        let invalidation = Invalidation(
            cache: cache, companies: people.companies, feed: feed, streams: streams)
        let publisher = FeedPublisher(feed: feed)
        let relay = Relay<ConversationEvent>()
        let webhooks = WebhookStore(postgres, secrets: people.secrets, rules: settings.egress)
        let watched = WatchedCompanies(webhooks: webhooks)
        let webhookCalls = Relay<UUID>()
        let editions = Editions(client: stores.redis, logger: logger)
        let conversations = ConversationStore(
            client: stores.mongo, logger: logger,
            onChange: { places in await editions.end(places.map { ($0.companyId, $0.conversationId) }) },
            // A process that believes in the conversation would take messages in for a moment longer.
            onDelete: { places in
                for company in Set(places.map(\.companyId)) { await invalidation.conversations(of: company) }
            },
            onRemove: { places in
                for (company, places) in Dictionary(grouping: places, by: \.companyId) {
                    let ids = places.map(\.conversationId)
                    try await AgentStateStore(postgres).forget(.forJob(companyId: company), conversations: ids)
                    try await ContactStore(postgres).forget(.forJob(companyId: company), conversations: ids)
                }
            },
            onErase: { company, messages in
                let scope = TenantScope.forJob(companyId: company)
                try await MemoryStore(postgres).forget(scope, messages: messages)
                try await AgentFeedbackStore(postgres).forget(scope, messages: messages)
            },
            isWatched: { watched.contains($0) },
            onEvent: { event in
                publisher.publish(event)
                relay.tell(event)
                webhookCalls.tell(event.companyId)
            })
        let idempotency = IdempotencyStore(
            database: stores.mongo.database(), logger: logger, seal: people.secrets.sealAnswer,
            open: people.secrets.openAnswer)
        let egress = EgressClient(rules: settings.egress)
        let webhookDeliveries = WebhookDeliveryStore(postgres, secrets: people.secrets)
        let sender = WebhookSender(
            deliveries: webhookDeliveries, conversations: conversations, egress: egress, logger: logger)
        let webhookRunner = WebhookRunner(
            watched: watched, conversations: conversations, deliveries: webhookDeliveries, sender: sender,
            logger: logger)
        webhookCalls.listen { webhookRunner.wake($0) }
        let toolServers = ToolServerStore(postgres, secrets: people.secrets, rules: settings.egress)
        let mcpTools = MCPTools(store: toolServers, egress: egress)
        let customers = CustomerStore(postgres)
        let companies = CompanyCache(companies: people.companies, cache: cache)
        let company: @Sendable (TenantScope) async throws -> Company = {
            try await companies.company($0, generations: await cache.generations($0))
        }
        let oauthAccounts = OAuthAccountStore(postgres, secrets: people.secrets)
        let google = settings.google.map { GoogleAccounts($0, store: oauthAccounts) }
        let linked: any LinkedAccounts = google ?? NoLinkedAccounts()
        let calendar = CalContext(
            events: CalendarStore(postgres), states: AgentStateStore(postgres), accounts: linked,
            company: company)
        let modelProfiles = LLMProfileStore(postgres, secrets: people.secrets)
        let models = ModelClient(egress: egress, logger: logger)
        let profiles = ModelProfileSource.companies(modelProfiles).or(.fixed(settings.models.profile))
        let budgets = BudgetGate(UsageStore(postgres))
        let generator = Generator(
            client: models, profiles: profiles,
            context: GenerationContext(
                company: company, conversations: conversations, memories: MemoryStore(postgres),
                states: AgentStateStore(postgres), budgets: budgets), logger: logger)
        let summaries = ConversationSummaries(
            SummaryWriter(
                client: models, profiles: profiles, conversations: conversations,
                budget: { try await budgets.verdict($0, company: try await company($0)) },
                count: { try await UsageStore(postgres).add($1, $0) }, logger: logger), logger: logger)
        let definitions = AgentStore(postgres)
        let registry = AgentRegistry.standard(
            AgentStores(
                definitions: definitions, memories: MemoryStore(postgres), products: ProductStore(postgres),
                faqs: FAQStore(postgres), leads: LeadStore(postgres), customers: customers,
                calendar: calendar, bookings: BookingStore(postgres),
                mail: MailContext(emails: EmailStore(postgres), accounts: linked, calendar: calendar),
                conversations: conversations, mcp: mcpTools,
                company: company), cache: cache, generator: generator)
        let calls = TurnCalls(client: stores.redis, logger: logger)
        let turns = TurnRunner(
            registry: registry, conversations: conversations, states: AgentStateStore(postgres),
            logs: AgentLogStore(postgres), company: company,
            configuration: settings.work.turns,
            limits: TurnCounting(
                limiter: limiter, company: company, perCustomer: settings.work.perCustomer,
                perMember: settings.work.perMember
            ).limits, logger: logger, onEvent: { publisher.publish($0) },
            onDelta: { publisher.publish($0) }, onTool: { publisher.publish($0) },
            onControl: { await invalidation.conversations(of: $0) },
            onWaiting: { calls.call() },
            onModelAnswer: { summaries.consider($0.id, of: $0.companyId, agent: $1) })
        if settings.work.turns.works { calls.onCall { turns.wake() } }
        let references = ConversationReferences(customers: customers, members: MemberStore(postgres))
        let posting = MessagePosting(
            conversations: conversations, turns: turns,
            heads: ConversationHeads(conversations: conversations, cache: cache), companies: companies,
            references: references, invalidation: invalidation)
        let channels = ChannelStores(postgres, secrets: people.secrets)
        let deliveries = DeliveryRunner(
            stores: channels, conversations: conversations, configuration: settings.channels, logger: logger)
        relay.listen { deliveries.hear($0) }
        let intake = ChannelIntake(
            stores: channels, conversations: conversations, turns: turns, configuration: settings.channels,
            logger: logger, onControl: { await invalidation.conversations(of: $0) },
            onReopened: { deliveries.wake() })
        let deletions = DeletionRunner(
            deletions: DeletionStore(postgres), conversations: conversations, idempotency: idempotency,
            redis: stores.redis, logger: logger)
        let health = Health(postgres: postgres, mongo: stores.mongo, redis: stores.redis)
        let keys = APIKeyStore(postgres)

        let groups: [any RouteGroup] = [
            SignInRoutes(
                people: people, guards: SignInGuards(limiter: limiter, limits: settings.limits),
                invalidation: invalidation),
            SessionRoutes(sessions: people.sessions, invalidation: invalidation),
            CompanyRoutes(companies: people.companies, deletions: deletions, invalidation: invalidation),
            MemberRoutes(members: MemberStore(postgres), invalidation: invalidation),
            ProductRoutes(products: ProductStore(postgres)),
            CustomerRoutes(customers: customers, deletions: deletions, invalidation: invalidation),
            SaleRoutes(sales: SaleStore(postgres)),
            LeadRoutes(leads: LeadStore(postgres)),
            BookingRoutes(bookings: BookingStore(postgres), conversations: conversations, logger: logger),
            SubscriptionRoutes(
                subscriptions: SubscriptionStore(postgres, plans: settings.limits.plans), invalidation: invalidation),
            APIKeyRoutes(keys: keys, invalidation: invalidation),
            WebhookRoutes(webhooks: webhooks, deliveries: webhookDeliveries, sender: sender, watched: watched),
            ConversationRoutes(
                conversations: conversations, customers: customers, messages: posting, references: references,
                invalidation: invalidation),
            MessageRoutes(
                conversations: conversations, messages: posting,
                pages: MessagePages(conversations: conversations, cache: EditionCache())),
            ControlRoutes(
                conversations: conversations, members: MemberStore(postgres), registry: registry,
                invalidation: invalidation),
            PresenceRoutes(conversations: conversations, publisher: publisher, keeper: presence),
            StreamRoutes(
                conversations: conversations, feed: feed, hub: streams,
                replay: SharedReplay(conversations: conversations)),
            ThreadRoutes(conversations: conversations, posting: posting),
            AgentRoutes(registry: registry, definitions: definitions, posting: posting),
            AgentDefinitionRoutes(registry: registry, definitions: definitions, invalidation: invalidation),
            VoiceRoutes(companies: companies),
            FAQRoutes(faqs: FAQStore(postgres)),
            LLMProfileRoutes(
                profiles: modelProfiles,
                rules: settings.egress),
            MemoryRoutes(memories: MemoryStore(postgres)),
            UsageRoutes(usage: UsageStore(postgres), companies: companies),
            AgentStateRoutes(states: AgentStateStore(postgres), registry: registry),
            AgentLogRoutes(logs: AgentLogStore(postgres)),
            FeedbackRoutes(feedback: AgentFeedbackStore(postgres), conversations: conversations),
            EmailRoutes(emails: EmailStore(postgres)),
            ChannelRoutes(channels: channels.channels, onChange: { deliveries.wake() }),
            ProviderWebhookRoutes(stores: channels, intake: intake),
            OAuthRoutes(
                accounts: oauthAccounts, states: OAuthStateStore(postgres, secrets: people.secrets), google: google,
                isSecure: settings.google?.redirectURL.hasPrefix("https://") ?? true),
            MCPServerRoutes(servers: toolServers, tools: mcpTools),
            ApprovalRoutes(approvals: conversations.approvals, turns: turns),
            TurnRoutes(conversations: conversations, turns: turns),
            WidgetRoutes(people: people, customers: customers, conversations: conversations, registry: registry),
            OperationsRoutes(
                health: health, readiness: Readiness(health: health) { stopping.isSet }, metrics: metrics,
                servesMetrics: settings.http.publicMetrics),
            PageRoutes(files: WebFiles(folder: settings.http.webFolder), demoKey: settings.http.demoWidgetKey),
        ]
        let described = groups.flatMap(\.routes)
        routes = described + [DocumentRoute.route(describing: described)]
        gateway = Gateway(
            admission: Admission(
                authenticator: people.authenticator, limiter: limiter, cache: cache,
                addresses: ClientAddress(trusted: settings.http.trustedProxies), limits: settings.limits, keys: keys),
            idempotency: IdempotencyGate(store: idempotency),
            crossOrigin: CrossOrigin { caller in
                guard let scope = caller.scope else { return [] }
                return try await companies.company(scope, generations: caller.generations).settings.allowedOrigins
            })
        workServices = [
            postgres, stores.redis, ClosingService { await stores.mongo.shutdown() },
            ClosingService { await google?.shutdown() }, ClosingService { await egress.shutdown() },
            ClosingService { await models.shutdown() }, ClosingService { await deliveries.shutdown() }, feed,
            ClosingService { await conversations.shutdown() },
            ConversationSweeper(conversations, logger: logger),
            DeletionSweeper(runner: deletions, interval: .seconds(15)), webhookRunner, calls, summaries, turns, intake,
            deliveries,
        ]
        services = workServices + [presence, streams]
    }
}
