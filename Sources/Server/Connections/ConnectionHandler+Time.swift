import NIOCore

/// Lets connections end on which something is due from the client and does not come.
extension ConnectionHandler {
    /// Lets a connection end on which something is due from the client and does not come within `time`.
    func watchTime(for time: TimeAmount) {
        patience = time
        setTimer(time)
    }

    func stopWatchingTime() {
        timer?.cancel()
        timer = nil
    }

    private func setTimer(_ time: TimeAmount) {
        timer?.cancel()
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        timer = channel.eventLoop.scheduleTask(in: time) { connection.value.timeIsUp() }
    }

    private func timeIsUp() {
        timer = nil
        if isEnded { return close() }
        if isWaitedFor { return setTimer(patience) }
        let left = lastActive + patience - channel.eventLoop.now
        if left > .nanoseconds(0) { setTimer(left) } else { close() }
    }

    /// Whether it is we who are late.
    private var isWaitedFor: Bool {
        switch reading {
        case .whole: isAnswering
        case .body(let body): body.isFull
        case .nothing, .begun, .rest: false
        }
    }
}
