/// All doubles there are, for `switchboard doubles`.
public enum DoubleCatalogue {
    /// One of each, answering by itself.
    public static func all() -> [any LoopbackDouble] {
        [FakeLLM.talkative(), FakeGoogle(), FakeMCP(), FakeMeta(), FakePostmark(), FakeReceiver()]
    }
}
