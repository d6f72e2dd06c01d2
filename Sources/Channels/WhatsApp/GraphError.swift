/// What Meta's error codes mean for a message. Meta's own sentences are not repeated.
struct GraphError: Sendable, Hashable {
    /// The code; nil when the answer had none.
    let code: Int64?

    /// What is to be done.
    var outcome: SendOutcome {
        let words = words
        switch code ?? -1 {
        case 190, 10, 200...299, 368, 131031, 131042, 133000...133999: return .paused(words)
        case 4, 80007, 130429, 131000, 131016, 135000: return .again(words, after: nil)
        // Too many to one person, or too many complaints: slower.
        case 131056: return .again(words, after: 10)
        case 131048: return .again(words, after: 300)
        case 131047: return .held
        default: return .failed(code: code.map(String.init), words)
        }
    }

    /// The same in words for members.
    var words: String {
        let sentence =
            switch code ?? -1 {
            case 190: "the access token is not good any more: enter a new one"
            case 10, 200...299: "the access token may not send messages of this number"
            case 368: "Meta has blocked the account for breaking its rules"
            case 131031: "Meta has locked the account"
            case 131042: "Meta has no way to be paid for the account"
            case 133000...133999: "the number is not registered for sending"
            case 4, 80007, 130429: "too many messages at the moment"
            case 131056: "too many messages to this customer at the moment"
            case 131048: "too many customers have complained"
            case 131000, 131016, 135000: "Meta had a failure"
            case 131026: "the customer cannot be reached on WhatsApp"
            case 131047: "the customer wrote more than 24 hours ago"
            case 131021: "sender and recipient are the same"
            case 131030: "the number is not among those that a test account may write to"
            case 131049, 131050: "the customer does not want such messages"
            case 131051: "WhatsApp does not know this type of message"
            case 131052, 131053: "the attachment could not be read"
            case 131062: "this customer can be written to by number only"
            case 132000...132999: "the template is not as Meta knows it"
            default: "Meta did not accept it"
            }
        return code.map { "\($0): \(sentence)" } ?? sentence
    }
}
