// Package publication makes a publication of editions: the folder of protected
// figures and pages that is called anonymous.
//
// Make takes the newest research and schools editions and
//
//  1. stops when the publication that stands was made from them already, by
//     content and not by date, and every file of it is intact;
//  2. computes the indicators of the research edition and protects them jointly
//     with the figures of the schools;
//  3. renders results.json, the report and the pages of the schools into a folder
//     beside the final place;
//  4. has the caller's audit look at editions and pages: what it refuses stays
//     nowhere;
//  5. writes the manifest and puts the folder in place, whole.
//
// It reads nothing upstream of an edition: the same editions, policy and language
// give the same bytes, so that an audit may render a publication again and compare.
package publication
