import type { SpilloverBinding } from '../graph/binding';
import type { BreakerOptions, CallPolicyOptions } from '../graph/call-policies';
import type { Component } from '../graph/component';
import { Breaker, guarded } from './breaker';
import type { CallResult, Clock } from './call';
import type { CallServices, CallSite } from './component-call';
import { copyAnswer } from './copy-answer';
import { CallError } from './errors';
import { HedgeBook, hedged } from './hedged-call';
import { fieldsKey, inputKey } from './input-key';
import type { Send } from './layers';
import { ResultCache } from './result-cache';
import { SingleFlight } from './single-flight';
import { spilling } from './spillover';

/** What is around the tries of a call. */
export interface CallPolicies {
  /** The way of a try through all that its component and its binding ask for; undefined if they ask for nothing. */
  around(services: CallServices, site: CallSite, send: Send): Send | undefined;
}

export interface PolicyServices {
  /** How the backends of a component take turns; undefined if it has but one. @default - every component has one */
  readonly spilloverOf?: (component: Component) => SpilloverBinding | undefined;
}

/**
 * Hedges, breakers, single flight, caches and spillover, from what components and bindings declare. Keep one per engine
 * and bindings: it holds what they learn, and the answers of the backends.
 *
 * A try passes the cache, single flight, spillover, breaker and hedge, in this order, and then waits for its place.
 */
export function callPolicies(services: PolicyServices = {}): CallPolicies {
  const { spilloverOf } = services;
  const states = new WeakMap<Component, ComponentState>();
  return {
    around(callServices, site, send) {
      const { component } = site;
      const spillover = spilloverOf?.(component);
      const breaker = spillover?.breaker ?? component.breaker;
      if (!spillover && !breaker && !component.hedge && !component.singleFlight && !component.cache) return undefined;
      const known = states.get(component);
      const state = known ?? new ComponentState(component);
      if (!known) states.set(component, state);
      return state.around(callServices, site, send, spillover, breaker);
    },
  };
}

/** Such a time after its last answer nothing is known of a backend any more: imported models go after 5 minutes. */
const WARM_MS = 60_000;

/** Of a warm backend. A run cannot see copies: whoever asks for hedges says that there are several. */
const ASSUMED_COPIES = 2;

/** What is known of one backend of a component. */
class BackendState {
  inFlight = 0;
  warmUntilMs = 0;
  breaker: Breaker | undefined;
  /** By node, since hedges go by what a node asks of the component. */
  readonly hedges = new WeakMap<object, HedgeBook>();
  /** The same of answers that are read while they are written, where the first part counts. */
  readonly hedgesOfStreams = new WeakMap<object, HedgeBook>();
}

class ComponentState {
  readonly #cache = new ResultCache();
  #flights: SingleFlight | undefined;
  readonly #backends: BackendState[] = [];

  constructor(private readonly component: Component) {}

  around(
    services: CallServices,
    site: CallSite,
    send: Send,
    spillover: SpilloverBinding | undefined,
    breaker: BreakerOptions | undefined,
  ): Send {
    const { singleFlight, cache } = this.component;
    const toBackend = (alternative: number) =>
      this.#toBackend(services, site, send, alternative, breaker, spillover !== undefined);
    let way = spillover
      ? spilling(
          spillover.alternatives.map((_, alternative) => ({
            send: toBackend(alternative),
            inFlight: () => this.#backends[alternative]?.inFlight ?? 0,
          })),
          spillover.when ?? {},
        )
      : toBackend(0);
    if (singleFlight) way = this.#shared(way, services, site);
    if (cache) way = this.#cached(way, services, site, cache);
    return way;
  }

  #cached(send: Send, { clock }: CallServices, { tenant }: CallSite, { forMs, key: fields }: Cache): Send {
    return async (sending) => {
      const { input, on } = sending;
      const answerKey = fields ? fieldsKey(input, fields) : inputKey(input);
      if (answerKey === undefined) return send(sending);
      const key = scoped(tenant, answerKey);
      const known = this.#cache.get(key, clock.now());
      if (known) {
        on.note((record) => {
          record.from = 'cache';
        });
        return copyOf(known);
      }
      const result = await send(sending);
      this.#cache.set(key, copyOf(result), { nowMs: clock.now(), forMs });
      return result;
    };
  }

  #shared(send: Send, { clock }: CallServices, { tenant, work, timeout }: CallSite): Send {
    const { firstChunkMs, idleMs } = timeout;
    this.#flights ??= new SingleFlight(clock);
    const flights = this.#flights;
    return (sending) => {
      const key = inputKey(sending.input);
      if (key === undefined) return send(sending);
      // How long a silence is borne is the node's own affair; what is urgent must not wait as what is not, and who reads
      // an answer while it is written needs a try that streams.
      const how = `${work} ${sending.on.text ? 'read' : 'whole'} ${firstChunkMs} ${idleMs}`;
      const flightKey = scoped(tenant, `${how} ${key}`);
      return flights.send(flightKey, sending, send, copyOf);
    };
  }

  #toBackend(
    services: CallServices,
    site: CallSite,
    send: Send,
    alternative: number,
    breakerOptions: BreakerOptions | undefined,
    isOneOfSeveral: boolean,
  ): Send {
    const { clock } = services;
    const { hedge, name } = this.component;
    this.#backends[alternative] ??= new BackendState();
    const backend = this.#backends[alternative];
    // Only these ask for what is counted.
    let way = hedge || isOneOfSeveral ? counted(send, backend, clock) : send;
    if (hedge) {
      const books = site.passOn || site.take ? backend.hedgesOfStreams : backend.hedges;
      const known = books.get(site.node);
      const book = known ?? new HedgeBook(hedge);
      if (!known) books.set(site.node, book);
      const hasRoom = () => services.limiterOf(this.component, alternative)?.hasRoom(site.work) ?? true;
      const chance = () => ({
        warmCopies: backend.warmUntilMs > clock.now() ? ASSUMED_COPIES : 0,
        leftMs: hasRoom() ? site.deadline - clock.now() : 0,
      });
      way = hedged(way, clock, book, chance);
    }
    if (breakerOptions) {
      backend.breaker ??= new Breaker(breakerOptions);
      const { slowMs } = breakerOptions;
      way = guarded(way, backend.breaker, clock, { component: name, nodeMs: site.timeout.nodeMs, slowMs });
    }
    return way;
  }
}

/** What it cost stays with the call that paid. */
function copyOf({ output }: CallResult): CallResult {
  return { output: copyAnswer(output) };
}

type Cache = NonNullable<CallPolicyOptions['cache']>;

/** Names of tenants are quoted and no name is not, so that none is another with a part of a key. */
function scoped(tenant: string | undefined, key: string): string {
  return `${tenant === undefined ? '' : JSON.stringify(tenant)} ${key}`;
}

/** Keeps count of what is under way at a backend, and of when it was last seen to serve. */
function counted(send: Send, backend: BackendState, clock: Clock): Send {
  return async (sending) => {
    backend.inFlight++;
    try {
      const result = await send(sending);
      backend.warmUntilMs = clock.now() + WARM_MS;
      return result;
    } catch (error) {
      if (error instanceof CallError && error.kind === 'not-ready') backend.warmUntilMs = 0;
      throw error;
    } finally {
      backend.inFlight--;
    }
  };
}
