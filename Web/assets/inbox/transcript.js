/** The messages of one conversation by `seq`; knows up to where it is complete. */
export class Transcript {
    #messages = new Map();
    first = 0;
    complete = 0;

    get sorted() {
        return [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
    }

    get isEmpty() {
        return this.#messages.size === 0;
    }

    get hasGap() {
        return !this.isEmpty && Math.max(...this.#messages.keys()) > this.complete;
    }

    /** Takes a message in; true when it was not there before. */
    add(message) {
        if (!Number.isInteger(message?.seq)) return false;
        const isNew = !this.#messages.has(message.seq);
        if (isNew && this.first > 0 && message.seq < this.first - 1) return false;
        this.#messages.set(message.seq, message);
        if (this.first === 0) this.complete = message.seq;
        if (this.first === 0 || message.seq < this.first) this.first = message.seq;
        while (this.#messages.has(this.complete + 1)) this.complete += 1;
        return isNew;
    }

    /** Takes a page in, from its end; returns what was new. */
    addPage(page) {
        const ordered = [...page].sort((a, b) => (this.isEmpty ? a.seq - b.seq : b.seq - a.seq));
        return ordered.filter((message) => this.add(message));
    }

    find(id) {
        return this.sorted.find((message) => message.id === id);
    }
}
