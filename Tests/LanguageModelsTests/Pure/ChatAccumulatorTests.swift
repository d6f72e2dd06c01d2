import JSON
import Testing

@testable import LanguageModels

@Suite("An answer is put together from whatever chunks a compatible server sends")
struct ChatAccumulatorTests {
    private func answer(_ chunks: String...) throws -> ChatAnswer {
        var accumulator = ChatAccumulator(limits: ModelLimits())
        for chunk in chunks { _ = try accumulator.add(try JSONValue.parse(chunk)) }
        return try accumulator.answer()
    }

    private func calls(_ pieces: String...) throws -> [ChatToolCall] {
        var accumulator = ChatAccumulator(limits: ModelLimits())
        for piece in pieces {
            _ = try accumulator.add(
                try JSONValue.parse("{\"choices\":[{\"delta\":{\"tool_calls\":[\(piece)]}}]}"))
        }
        return try accumulator.answer().calls
    }

    @Test("Text, finish and usage; ids that change and a missing role do not matter")
    func text() throws {
        let answer = try answer(
            #"{"id":"a","choices":[{"delta":{"content":"Hel"}}]}"#,
            #"{"id":"b","model":"m-1","choices":[{"delta":{"content":"lo"},"finish_reason":null}]}"#,
            #"{"id":"c","choices":[{"delta":{},"finish_reason":"length"}]}"#,
            #"""
            {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}
            """#)
        #expect(answer.text == "Hello")
        #expect(answer.finish == .length)
        #expect(answer.model == "m-1")
        #expect(answer.usage == ChatUsage(promptTokens: 5, completionTokens: 2, cachedTokens: 4))
    }

    @Test("Without usage it is estimated and says so")
    func estimate() throws {
        let answer = try answer(#"{"choices":[{"message":{"content":"seven characters"}}]}"#)
        #expect(answer.usage.isEstimated)
        #expect(answer.usage.completionTokens == 5)
    }

    @Test("Two calls by index, as the official service sends them")
    func standard() throws {
        let calls = try calls(
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":""}}"#,
            #"{"index":0,"function":{"arguments":"{\"x\":"}}"#,
            #"{"index":1,"id":"c2","function":{"name":"b","arguments":"{}"}}"#,
            #"{"index":0,"function":{"arguments":"1}"}}"#)
        #expect(
            calls == [
                ChatToolCall(id: "c1", name: "a", arguments: #"{"x":1}"#),
                ChatToolCall(id: "c2", name: "b", arguments: "{}"),
            ])
    }

    @Test("Calls without index are kept apart by id, and without id by a second complete name")
    func withoutIndex() throws {
        let byId = try calls(
            #"{"id":"c1","function":{"name":"a","arguments":"{\"x\":"}}"#,
            #"{"id":"c2","function":{"name":"a","arguments":"{}"}}"#,
            #"{"id":"c1","function":{"arguments":"1}"}}"#)
        #expect(byId.map(\.arguments) == [#"{"x":1}"#, "{}"])
        let byName = try calls(
            #"{"function":{"name":"a","arguments":"{"}}"#, #"{"function":{"arguments":"}"}}"#,
            #"{"function":{"name":"a","arguments":"{\"y\":2}"}}"#, #"{"function":{"name":"b","arguments":"{}"}}"#)
        #expect(byName.map(\.name) == ["a", "a", "b"])
        #expect(byName.map(\.arguments) == ["{}", #"{"y":2}"#, "{}"])
        #expect(Set(byName.map(\.id)).count == 3)
        #expect(byName.allSatisfy { $0.id.hasPrefix("call_") })
    }

    @Test("Index always 0: another id, or another complete name, is another call")
    func zeroIndex() throws {
        let byId = try calls(
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":"{}"}}"#,
            #"{"index":0,"id":"c2","function":{"name":"a","arguments":"{\"z\":1}"}}"#)
        #expect(byId.map(\.id) == ["c1", "c2"])
        let byName = try calls(
            #"{"index":0,"function":{"name":"a","arguments":"{}"}}"#,
            #"{"index":0,"function":{"name":"b","arguments":"{\"z\":1}"}}"#)
        #expect(byName.map(\.name) == ["a", "b"])
    }

    @Test("An id and a name in every chunk, and a summary encoded twice at the end, are one call")
    func repeated() throws {
        let calls = try calls(
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":""}}"#,
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":"{\"q\":\"x"}}"#,
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":"\"}"}}"#,
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":"\"{\\\"q\\\":\\\"x\\\"}\""}}"#,
            #"{"index":0,"id":"c1","function":{"name":"a","arguments":"{\"q\":\"x\"}"}}"#)
        #expect(calls == [ChatToolCall(id: "c1", name: "a", arguments: #"{"q":"x"}"#)])
    }

    @Test("Arguments as an object, a legacy function_call, and stop although tools were called")
    func shapes() throws {
        #expect(
            try calls(#"{"function":{"name":"a","arguments":{"x":[1]}}}"#).map(\.arguments) == [#"{"x":[1]}"#])
        let legacy = try answer(
            #"{"choices":[{"delta":{"function_call":{"name":"a","arguments":"{\"x\":"}}}]}"#,
            #"{"choices":[{"delta":{"function_call":{"arguments":"1}"}},"finish_reason":"stop"}]}"#)
        #expect(legacy.calls.map(\.arguments) == [#"{"x":1}"#])
        #expect(legacy.finish == .stop)
    }

    @Test("An error object, an empty answer and a shape that is no chunk are failures; a filtered one too")
    func failures() {
        func code(_ chunk: String) -> ModelError.Code? {
            do { _ = try answer(chunk) } catch let error as ModelError { return error.code } catch {}
            return nil
        }
        #expect(code(#"{"error":{"message":"x","code":"insufficient_quota"}}"#) == .quota)
        #expect(code(#"{"error":"overloaded"}"#) == .server)
        #expect(code(#"{"choices":[{"delta":{"role":"assistant"}}]}"#) == .malformed)
        #expect(code(#"{"hello":1}"#) == .malformed)
        #expect(code("[]") == .malformed)
        #expect(code(#"{"choices":[{"delta":{"content":"x"},"finish_reason":"content_filter"}]}"#) == .filtered)
    }

    @Test("Text, arguments and the number of calls have limits")
    func limits() throws {
        var limits = ModelLimits()
        limits.textBytes = 10
        limits.argumentBytes = 10
        limits.toolCalls = 2
        var text = ChatAccumulator(limits: limits)
        #expect(throws: ModelError.self) {
            _ = try text.add(["choices": [["delta": ["content": "12345678901"]]]])
        }
        var arguments = ChatAccumulator(limits: limits)
        #expect(throws: ModelError.self) {
            _ = try arguments.add(
                ["choices": [["delta": ["tool_calls": [["function": ["name": "a", "arguments": "12345678901"]]]]]]])
        }
        var many = ChatAccumulator(limits: limits)
        #expect(throws: ModelError.self) {
            for number in 0..<3 {
                _ = try many.add(
                    [
                        "choices": [
                            ["delta": ["tool_calls": [["id": .string("c\(number)"), "function": ["name": "a"]]]]]
                        ]
                    ])
            }
        }
    }
}
