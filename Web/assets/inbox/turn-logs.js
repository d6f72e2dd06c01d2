import { get } from "./api.js";
import { duration, number } from "./format.js";

/** What agents did for the messages of one conversation: the records of their turns by the reply's id. */
export class TurnLogs {
    #byReply = new Map();

    /**
     * @param {string} conversationId
     * @param {() => void} changed
     */
    constructor(conversationId, changed) {
        Object.assign(this, { conversationId, changed });
    }

    /** The record of the turn that wrote a message; nothing for what is not known. */
    of(message) {
        return this.#byReply.get(message.id);
    }

    /** Reads the latest records, a moment later: a record is written after its reply. */
    soon(delay = 600) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#read(), delay);
    }

    stop() {
        clearTimeout(this.timer);
    }

    async #read() {
        let logs;
        try {
            logs = (await get(`/agent-logs?conversationId=${this.conversationId}&limit=100`)).data;
        } catch {
            return; // without them messages are shown all the same
        }
        const before = this.#byReply.size;
        for (const log of logs) if (log.replyMessageId) this.#byReply.set(log.replyMessageId, log);
        if (this.#byReply.size !== before) this.changed();
    }
}

/** The names of the tools of a turn, in the order of their calls. */
export const toolNames = (log) => (Array.isArray(log?.toolCalls) ? log.toolCalls : [])
    .map((call) => call?.name ?? call?.tool).filter(Boolean);

/** A turn in a few words: time, model, tokens. */
export function turnNote(log) {
    const tokens = (log.promptTokens ?? 0) + (log.completionTokens ?? 0);
    return [duration(log.latencyMs ?? 0), log.model ?? "no model", tokens > 0 && `${number(tokens)} tokens`]
        .filter(Boolean).join(" · ");
}
