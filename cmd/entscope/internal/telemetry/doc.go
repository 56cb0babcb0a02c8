// Package telemetry tells the operator's own tools what a run did: metrics for Prometheus (a file for node_exporter's
// textfile collector) and lineage for a catalogue of data (OpenLineage events, a JSON object a line).
//
//	pipeline.Report, exit code → Files.Write → metrics, lineage
//
// Both say what run.json says: names of the study, of stages, feeds' counts and editions, never a path of a log or
// anything of a record. A file of another program is not overwritten.
package telemetry
