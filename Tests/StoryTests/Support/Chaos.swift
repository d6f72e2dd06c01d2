import Testing

/// Tests over real processes of the program. One at a time: each needs the whole machine, and some kill what they run
/// on.
@Suite(.serialized, .timeLimit(.minutes(6)))
enum Chaos {}
