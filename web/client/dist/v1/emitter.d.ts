type Listener<E, K extends keyof E> = (event: CustomEvent<E[K]>) => void;
type Options = boolean | AddEventListenerOptions;
/** An EventTarget whose events and their `detail` are known by name. */
export declare class Emitter<Events> extends EventTarget {
    addEventListener<K extends keyof Events & string>(type: K, listener: Listener<Events, K>, options?: Options): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: Options): void;
    /** @internal */
    emit<K extends keyof Events & string>(type: K, detail: Events[K]): void;
}
export {};
