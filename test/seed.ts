import fc from "fast-check";

// A test run is to be repeatable: the laws look at the same examples each time. `npm run fuzz` looks at new ones.
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 20261121) });
