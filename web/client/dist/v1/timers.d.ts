/** Timers by name: one that is set again begins anew. */
export declare class Timers {
    #private;
    after(name: string, delay: number, what: () => void): void;
    never(...names: string[]): void;
    clear(): void;
}
