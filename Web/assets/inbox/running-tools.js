const most = 6;

/** Which tools the running turns of a conversation use: each call with whether it is over and how it ended. */
export class RunningTools {
    #turns = new Map();

    /** The ids of the turns that run. */
    get turns() {
        return this.#turns.keys();
    }

    /** A turn begins, perhaps anew: what it did before is told again. */
    begin(turn, agentName) {
        this.#turns.set(turn, { agentName, calls: [] });
    }

    /** A call begins. Returns whether it is news. */
    started(turn, { call, tool, label, agentName }) {
        const known = this.#turns.get(turn);
        if (!known || known.calls.some((each) => each.call === call)) return false;
        known.calls.push({ call, tool, label, agentName });
        return true;
    }

    /** A call is over. One that was never seen to begin is not shown. */
    finished(turn, { call, ok }) {
        const found = this.#turns.get(turn)?.calls.find((each) => each.call === call);
        if (found) found.ok = Boolean(ok);
    }

    /** A turn is over; without its id, that of this agent. */
    end(turn, agentName) {
        for (const [id, each] of this.#turns) if (
            id === turn || (agentName && each.agentName === agentName)) this.#turns.delete(id);
    }

    clear() {
        this.#turns.clear();
    }

    /** What is shown: turns that use tools, each with its latest calls and how many came before them. */
    get shown() {
        return [...this.#turns].filter(([, { calls }]) => calls.length > 0).map(([id, { agentName, calls }]) => (
            { id, agentName, calls: calls.slice(-most), earlier: Math.max(0, calls.length - most) }));
    }
}
