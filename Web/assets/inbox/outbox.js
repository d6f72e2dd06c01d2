import { post } from "./api.js";

/** Answers on their way to one conversation: shown at once, sent until the server has acknowledged them, in order. */
export class Outbox {
    items = [];

    /**
     * @param {string} conversationId
     * @param {{stored: (message: object) => void, changed: () => void, author: string|null}} options `author` is how the
     *   customer sees who writes
     */
    constructor(conversationId, { stored, changed, author }) {
        Object.assign(this, { conversationId, stored, changed, author });
        this.online = () => this.flush();
        addEventListener("online", this.online);
    }

    stop() {
        this.isStopped = true;
        clearTimeout(this.timer);
        removeEventListener("online", this.online);
    }

    add(content) {
        this.items.push(
            { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, content, problem: null, tries: 0 });
        this.changed();
        this.flush();
    }

    /** Tries a refused one again, or forgets it. */
    retry(id, forget = false) {
        if (forget) this.items = this.items.filter((item) => item.id !== id);
        else this.items.find((item) => item.id === id).problem = null;
        this.changed();
        this.flush();
    }

    async flush() {
        clearTimeout(this.timer);
        if (this.isFlushing) return;
        this.isFlushing = true;
        for (let item; (item = this.items.find((each) => !each.problem?.isFinal));) {
            try {
                const body = { content: item.content, clientMessageId: item.id,
                    ...(this.author && { metadata: { authorName: this.author } }) };
                const message = await post(`/conversations/${this.conversationId}/messages`, body);
                this.items = this.items.filter((each) => each !== item);
                this.stored(message);
            } catch (problem) {
                item.tries += 1;
                item.problem = { text: problem.message, isFinal: !problem.passes };
                this.changed();
                if (!problem.passes) continue;
                const wait = Math.max(problem.retryAfter * 1000, Math.min(15_000, 500 * 2 ** item.tries));
                if (!this.isStopped || item.tries < 5) this.timer = setTimeout(() => this.flush(), wait);
                break;
            }
        }
        this.isFlushing = false;
    }
}
