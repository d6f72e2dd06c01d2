import { get, post } from "./api.js";

const atOnce = 4;

/** What is known of the conversations: their heads, customers, last messages and what was read. */
export class ConversationBook {
    #known = new Map();
    #wanted = [];
    #running = 0;

    /**
     * @param {object} me
     * @param {(id: string) => void} changed
     */
    constructor(me, changed) {
        this.changed = changed;
        this.readKey = `switchboard:read:${me.user.id}`;
    }

    get(id) {
        return this.#known.get(id);
    }

    /**
     * Takes a head in. False when it is new and `always` was not asked for.
     *
     * @param {object} conversation
     * @param {boolean} [always]
     */
    learn(conversation, always = false) {
        const before = this.#known.get(conversation.id);
        if (!before && !always) return false;
        const isStale = before && conversation.metadata?.lastMessageAt !== before.metadata?.lastMessageAt;
        this.#known.set(conversation.id, { ...before, ...conversation });
        if (isStale && before.lastMessage?.timestamp !== conversation.metadata?.lastMessageAt) this.want(
            conversation.id);
        return true;
    }

    /** Takes a new message in; false when its conversation is not known. */
    heard(message) {
        const known = this.#known.get(message.conversationId);
        if (!known) return false;
        if (message.seq > (known.lastMessage?.seq ?? 0) && known.unreadCount !== undefined) known.unreadCount += 1;
        if (message.seq >= (known.lastMessage?.seq ?? 0)) {
            known.lastMessage = message;
            known.metadata = { ...known.metadata, lastMessageAt: message.timestamp, messageCount: message.seq };
        }
        this.changed(message.conversationId);
        return true;
    }

    /** Asks for customer and last message, a few at a time. */
    want(id) {
        if (!this.#wanted.includes(id)) this.#wanted.push(id);
        while (this.#running < atOnce && this.#wanted.length) this.#detail(this.#wanted.pop());
    }

    async #detail(id) {
        this.#running += 1;
        try {
            this.#known.set(id, { ...this.#known.get(id), ...(await get(`/conversations/${id}`)), isDetailed: true });
            this.changed(id);
        } catch { /* the row shows what is known without it */ }
        this.#running -= 1;
        if (this.#wanted.length) this.want(this.#wanted.pop());
    }

    /** Whether nobody answered yet, or an agent called for a person; `undefined` while that is not known. */
    isWaiting(id) {
        const { lastMessage, status, control } = this.#known.get(id) ?? {};
        if (control?.requestedAt) return status === "active";
        if (lastMessage === undefined) return undefined;
        const isCalling = lastMessage?.metadata?.handoff === true || lastMessage?.metadata?.skill === "handoff";
        return status === "active" && (lastMessage?.role === "customer" || isCalling);
    }

    /** How many messages were not read: the server's figure, or what this browser knows where there is none. */
    unread(id) {
        const { unreadCount, lastMessage } = this.#known.get(id) ?? {};
        if (unreadCount !== undefined) return unreadCount;
        return lastMessage?.role === "customer" ? Math.max(0, lastMessage.seq - (this.#marks()[id] ?? 0)) : 0;
    }

    /** Remembers, here and on the server, that everything up to `seq` was read. */
    read(id, seq) {
        const marks = this.#marks();
        if ((marks[id] ?? 0) >= seq && !this.unread(id)) return;
        marks[id] = seq;
        try {
            localStorage.setItem(this.readKey, JSON.stringify(Object.fromEntries(Object.entries(marks).slice(-1000))));
        } catch { /* then the mark lasts until a reload */ }
        this.wasRead(id, seq);
        post(`/conversations/${id}/read`, { seq }).catch(() => {}); // the next message says it again
    }

    /** Takes in that everything up to `seq` was read, here or in another window. */
    wasRead(id, seq) {
        const known = this.#known.get(id);
        if (!known) return;
        if (known.unreadCount !== undefined) known.unreadCount = Math.max(0, (known.metadata?.messageCount ?? seq) - seq);
        this.changed(id);
    }

    #marks() {
        try {
            return JSON.parse(localStorage.getItem(this.readKey)) ?? {};
        } catch {
            return {};
        }
    }
}
