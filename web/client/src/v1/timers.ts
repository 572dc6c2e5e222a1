/** Timers by name: one that is set again begins anew. */
export class Timers {
    #set = new Map<string, ReturnType<typeof setTimeout>>();

    after(name: string, delay: number, what: () => void): void {
        clearTimeout(this.#set.get(name));
        // Longer than setTimeout can count would be at once.
        this.#set.set(name, setTimeout(what, Math.min(delay, 2 ** 31 - 1)));
    }

    never(...names: string[]): void {
        for (const name of names) clearTimeout(this.#set.get(name));
    }

    clear(): void {
        this.never(...this.#set.keys());
    }
}
