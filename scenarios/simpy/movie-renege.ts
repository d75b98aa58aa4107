import { createTask, defineScenario, Future, getRunningLoop, print, sleep } from "../../engine/index.ts";
import { anyOf, type PythonRandom, pythonRandom, Resource, startProcess } from "../../engine/resources/index.ts";

const SEED = 42;
const TICKETS = 50;
const SIM_TIME = 120;
const TITLES = ["Python Unchained", "Kill Process", "Pulp Implementation"];

/** A film on the programme. */
interface Movie {
  readonly title: string;
  available: number;
  readonly soldOut: Future<void>;
  soldOutAt: number | null;
  renegers: number;
}

function* moviegoer(movie: Movie, tickets: number, counter: Resource) {
  const turn = counter.request();
  try {
    const won = yield* anyOf({ turn, soldOut: movie.soldOut });
    if (!won.has("turn")) {
      movie.renegers++;
      return;
    }
    if (movie.available < tickets) {
      // Some discussion.
      yield* sleep(0.5);
      return;
    }
    movie.available -= tickets;
    if (movie.available < 2) {
      movie.soldOut.setResult();
      movie.soldOutAt = getRunningLoop().time();
      movie.available = 0;
    }
    yield* sleep(1);
  } finally {
    turn.release();
  }
}

function* customerArrivals(random: PythonRandom, movies: readonly Movie[], counter: Resource) {
  for (;;) {
    yield* sleep(random.expovariate(1 / 0.5));
    const movie = random.choice(movies);
    const tickets = random.randint(1, 6);
    if (movie.available > 0) {
      startProcess(moviegoer(movie, tickets, counter));
    }
  }
}

function* main() {
  print("Movie renege");
  const random = pythonRandom(SEED);
  const counter = new Resource({ capacity: 1, name: "ticket counter" });
  const movies = TITLES.map(
    (title): Movie => ({ title, available: TICKETS, soldOut: new Future<void>(), soldOutAt: null, renegers: 0 }),
  );
  createTask(customerArrivals(random, movies, counter));
  yield* sleep(SIM_TIME);
  for (const { title, soldOut, soldOutAt, renegers } of movies) {
    if (soldOut.done()) {
      print(`Movie "${title}" sold out ${soldOutAt!.toFixed(1)} minutes after ticket counter opening.`);
      print(`  Number of people leaving queue when film sold out: ${renegers}`);
    }
  }
}

export default defineScenario({
  name: "simpy-movie-renege",
  about: "SimPy's cinema: when a film is sold out, those who wait for its tickets leave the queue",
  main,
});
