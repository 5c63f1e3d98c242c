import fc from 'fast-check';

/** Property tests draw anew each time, but in CI the same: what lands there must not depend on the throw of a die. */
if (process.env.CI === 'true') fc.configureGlobal({ seed: 20_261_122 });
