import { request } from "./api.js";
import { events } from "./sse.js";

const pollEvery = 4000;
const streamRest = 60_000;
// A tab that nobody looks at gives its connection back: browsers allow six to a server.
const awayAfter = 60_000;

/**
 * Follows something by its stream, and by asking at intervals while there is no stream. Whatever breaks is tried again
 * until {@link Follower.stop}; every beginning asks first, so nothing that came in between is missed.
 */
export class Follower {
    /**
     * @param {object} what
     * @param {(lastEventId: string|null) => string} what.path of the stream
     * @param {() => Promise<void>} what.ask reads what is missing
     * @param {(name: string, data: any) => void|Promise<void>} what.take
     * @param {(online: boolean) => void} [what.status]
     * @param {() => void} [what.gone] there is nothing to follow any more
     */
    constructor({ path, ask, take, status = () => {}, gone = () => {} }) {
        Object.assign(this, { path, ask, take, status, gone });
        this.hiddenSince = document.hidden ? Date.now() : 0;
        this.isStopped = false;
        this.restsUntil = 0;
        this.wakers = new Set();
        this.lastEventId = null;
        this.wake = () => [...this.wakers].forEach((wake) => wake());
        this.seen = () => this.#visibility();
        addEventListener("online", this.wake);
        document.addEventListener("visibilitychange", this.seen);
        this.run();
    }

    /** Ends it for good. */
    stop() {
        this.isStopped = true;
        this.abort?.abort();
        removeEventListener("online", this.wake);
        document.removeEventListener("visibilitychange", this.seen);
        clearTimeout(this.awayTimer);
        this.wake();
    }

    async run() {
        for (let failures = 0; !this.isStopped;) {
            try {
                await this.ask();
                this.status(true);
                failures = 0;
                if (Date.now() >= this.restsUntil && !this.isAway) await this.stream();
                else await this.sleep(this.isAway ? pollEvery * 5 : pollEvery);
            } catch (problem) {
                if (this.isStopped || problem.status === 401) return;
                if (problem.status === 404) return this.gone();
                if (problem.status === 400) this.lastEventId = null; // a place that the server no longer knows
                this.status(false);
                const wait = Math.min(15_000, 500 * 2 ** failures++) * (0.5 + Math.random() / 2);
                await this.sleep(Math.max((problem.retryAfter ?? 0) * 1000, wait));
            }
        }
    }

    get isAway() {
        return this.hiddenSince > 0 && Date.now() - this.hiddenSince >= awayAfter;
    }

    #visibility() {
        this.hiddenSince = document.hidden ? Date.now() : 0;
        clearTimeout(this.awayTimer);
        if (document.hidden) this.awayTimer = setTimeout(() => this.abort?.abort(), awayAfter + 1000);
        else this.wake();
    }

    async stream() {
        const abort = (this.abort = new AbortController());
        const slow = setTimeout(() => abort.abort(), 20_000);
        const began = Date.now();
        try {
            const headers = { Accept: "text/event-stream",
                ...(this.lastEventId && { "Last-Event-ID": this.lastEventId }) };
            const response = await request("GET", this.path(), { signal: abort.signal, headers });
            clearTimeout(slow);
            if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return this.rest();
            for await (const event of events(response, () => abort.abort())) {
                if (this.isStopped) return;
                this.lastEventId = event.id ?? this.lastEventId;
                await this.take(event.name, parse(event.data));
            }
        } catch (problem) {
            if ([404, 405, 406, 501].includes(problem.status)) return this.rest();
            if (problem.status > 0) throw problem;
        } finally {
            clearTimeout(slow);
            abort.abort();
        }
        this.short = Date.now() - began < 3000 ? (this.short ?? 0) + 1 : 0;
        if (this.short >= 3) this.rest();
        await this.sleep(300 + Math.random() * 700);
    }

    rest() {
        this.restsUntil = Date.now() + streamRest;
    }

    sleep(milliseconds) {
        return new Promise((resolve) => {
            const wake = () => {
                clearTimeout(timer);
                this.wakers.delete(wake);
                resolve();
            };
            const timer = setTimeout(wake, milliseconds);
            this.wakers.add(wake);
        });
    }
}

function parse(text) {
    try {
        return JSON.parse(text) ?? {};
    } catch {
        return {};
    }
}
