/** Passes named values from who knows to who shows. */
export class Bus {
    #listeners = new Map();

    /**
     * @param {string} name
     * @param {(value: any) => void} listener
     * @returns {() => void} stops listening
     */
    on(name, listener) {
        if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
        this.#listeners.get(name).add(listener);
        return () => this.#listeners.get(name)?.delete(listener);
    }

    emit(name, value) {
        for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(value);
    }
}
