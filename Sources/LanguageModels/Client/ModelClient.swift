import AsyncHTTPClient
public import Egress
import Foundation
import Logging
import NIOCore

/// Asks language models over OpenAI's chat completions: one connection pool, tries, and a breaker for each model.
///
/// ```swift
/// let client = ModelClient(logger: logger)
/// let answer = try await client.answer(request, of: profile, model: profile.model, listener: listener)
/// ```
public final class ModelClient: Sendable {
    private let http: HTTPClient
    private let egress: EgressClient?
    private let policy: RetryPolicy
    private let board: BreakerBoard
    private let logger: Logger
    private let pause: @Sendable (Duration) async throws -> Void
    private let chance: @Sendable () -> Double

    /// A client; ``shutdown()`` must be called at its end.
    /// - Parameters:
    ///   - egress: the way to addresses that companies gave; without it their profiles are not asked.
    ///   - pause: waits before another try.
    ///   - chance: a number from 0 to 1, for the spread of pauses.
    public init(
        policy: RetryPolicy = RetryPolicy(), egress: EgressClient? = nil, breaker: CircuitBreaker = CircuitBreaker(),
        logger: Logger,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.policy = policy
        self.egress = egress
        board = BreakerBoard(breaker)
        self.logger = logger
        self.pause = pause
        self.chance = chance
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes all connections.
    public func shutdown() async { try? await http.shutdown() }

    /// Whether a model of the profile would be asked now: its breaker lets calls through.
    public func isUsable(_ profile: ModelProfile) -> Bool {
        profile.models.contains { board.wouldAdmit(.init(profile, $0)) }
    }

    /// Whether the model is known not to take tools; learned from a refusal.
    public func supportsTools(_ profile: ModelProfile, model: String) -> Bool {
        board.quirks(.init(profile, model), of: profile).supportsTools
    }

    /// Asks one model.
    /// - Parameters:
    ///   - listener: hears the text while it is written; without one the answer comes as a whole.
    ///   - allowance: bounds the tries of several calls together.
    /// - Throws: ``ModelError`` after the last try; `CancellationError`.
    public func answer(
        _ request: ChatRequest, of profile: ModelProfile, model: String, listener: ChatListener? = nil,
        allowance: RetryAllowance = RetryAllowance()
    ) async throws -> ChatAnswer {
        let key = BreakerBoard.Key(profile, model)
        guard board.admits(key) else { throw ModelError(.breakerOpen) }
        var history = RetryPolicy.History()
        var spent = ChatUsage()
        while true {
            do {
                var answer = try await attempt(request, profile, model, key, listener)
                board.succeed(key)
                answer.retries = history.retries
                answer.usage += spent
                return answer
            } catch let error as ModelError {
                let wasShown = await listener?.onBreak() ?? false
                // What a broken stream had read was paid for.
                if error.code == .cutShort || wasShown {
                    spent += ChatUsage(promptTokens: request.estimatedTokens, isEstimated: true)
                }
                let wait = policy.pause(after: error, history, wasShown: wasShown, chance: chance())
                guard let wait, allowance.take() else {
                    board.fail(key, error, of: profile)
                    log(error, profile, model, history.retries)
                    throw error
                }
                history.retries += 1
                if wasShown { history.restarts += 1 }
                do { try await pause(wait) } catch {
                    board.giveUp(key)
                    throw error
                }
            } catch {
                board.giveUp(key)
                throw error
            }
        }
    }

    /// One try; a refusal that teaches something about the server is tried again in the form it wants.
    private func attempt(
        _ request: ChatRequest, _ profile: ModelProfile, _ model: String, _ key: BreakerBoard.Key,
        _ listener: ChatListener?
    ) async throws -> ChatAnswer {
        var lessons = 0
        while true {
            var quirks = board.quirks(key, of: profile)
            guard quirks.supportsTools || request.tools.isEmpty else { throw ModelError(.noTools) }
            do {
                return try await ChatExchange(
                    door: profile.isCompanys ? .guarded(egress) : .open(http), profile: profile, model: model,
                    quirks: quirks, request: request,
                    onText: listener?.onText
                ).run()
            } catch let refused as ChatExchange.Refused {
                guard refused.error.code == .badRequest, lessons < 4, quirks.learn(from: refused.message) else {
                    throw refused.error
                }
                lessons += 1
                board.keep(quirks, for: key)
                logger.info("learned how a model's server differs", metadata: ["profile": "\(profile.id)"])
            }
        }
    }

    private func log(_ error: ModelError, _ profile: ModelProfile, _ model: String, _ retries: Int) {
        logger.warning(
            "a model did not answer",
            metadata: [
                "profile": "\(profile.id)", "model": "\(model)", "error": "\(error)", "retries": "\(retries)",
            ])
    }
}
