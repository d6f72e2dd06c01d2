import { get, post } from "./api.js";
import { Bus } from "./bus.js";
import { customerName } from "./conversation-row.js";
import { Follower } from "./follower.js";
import { RunningTools } from "./running-tools.js";
import { Transcript } from "./transcript.js";

/**
 * An open conversation as data: its head, its messages, what agents are writing and which tools they use. Emits
 * `changed`, `head`, `incoming`, `using` and `gone`.
 */
export class ThreadData extends Bus {
    /**
     * @param {string} id
     * @param {string} userId of the person who looks
     */
    constructor(id, userId) {
        super();
        this.id = id;
        this.userId = userId;
        this.transcript = new Transcript();
        this.drafts = new Map();
        this.writing = new Map();
        this.tools = new RunningTools();
        this.typingTimers = {};
        this.head = null;
        this.loaded = false;
    }

    /** Reads the head and the latest page, then follows what comes. */
    async begin() {
        this.head = await get(`/conversations/${this.id}`);
        if (this.isStopped) return;
        this.follower = new Follower({
            path: () => `/conversations/${this.id}/events?after=${this.transcript.complete}`,
            ask: () => this.ask(), take: (name, data) => this.take(name, data), gone: () => this.emit("gone"),
        });
    }

    stop() {
        this.isStopped = true;
        this.follower?.stop();
    }

    async ask() {
        const path = `/conversations/${this.id}/messages`;
        const latest = (await get(`${path}?limit=50`)).data;
        const fresh = [];
        const isApart = latest.length > 0 && !this.transcript.isEmpty && latest[0].seq > this.transcript.complete + 1;
        if (isApart) fresh.push(...(await this.missing()));
        fresh.push(...this.transcript.addPage(latest));
        this.forgetTurns();
        this.settle(fresh, this.loaded);
        this.loaded = true;
        const head = await get(`/conversations/${this.id}`);
        if (JSON.stringify(head) !== JSON.stringify(this.head)) this.setHead(head);
    }

    async missing() {
        const fresh = [];
        for (let more = true; more && !this.isStopped;) {
            const page = (await get(`/conversations/${this.id}/messages?after=${this.transcript.complete}&limit=200`))
                .data;
            fresh.push(...this.transcript.addPage(page));
            more = page.length === 200;
        }
        return fresh;
    }

    /** The page before the first message. */
    async earlier() {
        this.transcript.addPage(
            (await get(`/conversations/${this.id}/messages?before=${this.transcript.first}&limit=50`)).data);
        this.emit("changed");
    }

    setHead(head) {
        this.head = { ...this.head, ...head };
        this.emit("head");
    }

    /** An event of the conversation's stream. */
    async take(name, data) {
        const turn = data.turnId ?? data.id ?? data.agentName;
        switch (name) {
        case "message.created": case "message.updated":
            this.settle([data.message ?? data].filter((message) => this.transcript.add(message)), true);
            if (this.transcript.hasGap) this.settle(await this.missing(), true);
            break;
        case "message.deleted": {
            const known = this.transcript.find(data.id ?? data.messageId ?? data.message?.id);
            if (known) this.transcript.add(
                { ...known, content: "", deletedAt: data.deletedAt ?? new Date().toISOString() });
            this.emit("changed");
            break;
        }
        case "message.delta": this.write(turn, data); break;
        case "turn.started":
            this.writing.set(turn, `@${data.agentName ?? "agent"}`);
            this.tools.begin(turn, data.agentName);
            this.emit("changed");
            break;
        case "tool.started":
            if (this.tools.started(turn, data)) this.emit("using", data);
            this.emit("changed");
            break;
        case "tool.finished": this.tools.finished(turn, data); this.emit("changed"); break;
        case "turn.finished": case "turn.failed": this.finish(turn); this.emit("changed"); break;
        case "typing": this.typing(data); break;
        case "conversation.updated": this.setHead(data.conversation ?? data); break;
        case "resync": await this.ask(); break;
        default:
        }
    }

    /**
     * A piece of what an agent is writing: it follows what came before `offset`, counted in Unicode scalars; a snapshot
     * is all of it so far. What leaves a hole is left out, since a snapshot or the message itself will bring it.
     */
    write(turn, { agentName, offset, text = "", snapshot, reset }) {
        if (reset) this.drafts.delete(turn);
        if (text) {
            const before = [...(this.drafts.get(turn)?.content ?? "")];
            const from = snapshot ? 0 : offset ?? before.length;
            if (from > before.length) return;
            this.drafts.set(turn, { id: turn, agentName, content: before.slice(0, from).join("") + text });
        }
        this.emit("changed");
    }

    /** What was said about turns is void: whoever follows the stream is told anew what runs. */
    forgetTurns() {
        for (const id of [...this.drafts.keys(), ...this.tools.turns]) this.writing.delete(id);
        this.drafts.clear();
        this.tools.clear();
    }

    finish(turn, agentName) {
        this.tools.end(turn, agentName);
        for (const [id, draft] of this.drafts) if (
            id === turn || (agentName && draft.agentName === agentName)) this.drafts.delete(id);
        for (const [id, name] of this.writing) if (
            id === turn || (agentName && name === `@${agentName}`)) this.writing.delete(id);
    }

    typing({ role, userId }) {
        if (userId && userId === this.userId) return;
        this.writing.set(role, role === "user" ? "A colleague" : customerName(this.head));
        clearTimeout(this.typingTimers[role]);
        this.typingTimers[role] = setTimeout(() => this.writing.delete(role) && this.emit("changed"), 6000);
        this.emit("changed");
    }

    /** Tells the others that the person is typing, every few seconds at most. */
    typed() {
        if (Date.now() - (this.lastTyped ?? 0) < 4000) return;
        this.lastTyped = Date.now();
        post(`/conversations/${this.id}/typing`, undefined).catch(() => {}); // only a courtesy
    }

    settle(fresh, isLive) {
        for (const message of fresh) {
            if (message.role === "agent") this.finish(message.metadata?.turnId, message.agentName);
            if (message.role === "user" || message.role === "customer") this.writing.delete(message.role);
        }
        this.emit("changed");
        if (isLive) for (const message of fresh) this.emit("incoming", message);
    }
}
