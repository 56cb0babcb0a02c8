// Package combine puts research editions of several controllers together: a national study
// without moving personal data. Each académie runs its own study under its own key; nothing but
// editions crosses.
//
//  1. Read opens an edition, recomputes its hashes and looks for the key that signed it. The caller
//     audits it before.
//  2. Check refuses what is not one study of disjoint persons: other questions, policies, windows or
//     software; one edition or one key twice; the same logs; schools that two editions name.
//  3. Pool writes the cells of all side by side, each cluster under a number of its own: a
//     combination is a research edition, which every question is asked of as of any other. Sums and
//     life tables add because their rows are those of all; the noise of the cells, drawn under
//     keys of their own, is independent, its variance adds, and is in what clusters differ by.
//  4. Lay reads what the controllers published of the same editions, where that is given.
//  5. Compute answers the questions on it, protects the figures, with what was published as one release, and lays
//     beside each what it is in each territory: a random-effects meta-analysis (package stats).
//
// What does not add is left out with its reason: rows of persons, ranks among all persons. A family
// or a parent whom two studies count is counted twice, and nobody can say how many: Twice says what
// that may move.
//
// No new hole. Whoever holds the editions can make the combination, and two combinations that
// differ by an edition tell that edition, which stands by itself: so a combination is given to who
// may hold its parts. A cell that an edition does not carry is in no sum. Of the figures a territory brings
// to one only what it published, or could publish alone by the same policy: a figure less
// those of the others is then one that was told. The figures name who is in them. They leave only with what
// was published, and past a register (Register); without, each page says that they are not released.
//
// A combination is not signed, and holds no clock and no path: whoever doubts it combines its parts
// again and compares bytes.
package combine
