// Package plan writes down what a study will ask before its edition is opened, and says
// afterwards which of what was published had been planned, and whether the plan came first.
//
//  1. [New] takes the questions of a study, the families of tests that they bring, which of
//     them are primary, the window and the rules, into one document. [Plan.Text] is the only
//     way to write it, so that its [Hash] can be registered anywhere.
//  2. The study names the document. An edition that is made then holds its hash in its
//     manifest, which is signed: nobody can have written the plan after it.
//  3. [Read] takes the document again, and [Stand] lays it beside the edition: before or
//     after it, and in what the study has departed from it.
//
// The order of plan and edition is told by hashes and no clock: the day in the document is
// what its author says.
package plan
