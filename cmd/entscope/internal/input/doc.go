// Package input opens what a study names as its input: Pull fetches the
// deliveries and keeps standard input, Feeds makes the readers of the logs, and
// Directory reads the directory, the reference data and the registers. It turns
// the study's keys into the options of the packages of ingest, and nothing else.
package input
