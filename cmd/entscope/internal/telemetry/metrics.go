package telemetry

import (
	"bytes"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
)

// metrics are the figures of a run in Prometheus' text format (version 0.0.4), sorted by name: when it ended and with
// which exit code, how long it and each of its stages took (s), what the first two
// counted, and how many warnings they left.
func metrics(r *pipeline.Report, exit int) ([]byte, error) {
	registry := prometheus.NewRegistry()
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "entscope", Name: name, Help: help},
			append([]string{"study"}, labels...))
		registry.MustRegister(g)
		return g
	}
	ended := float64(r.Started.UnixMilli())/1000 + r.Seconds
	gauge("run_end_timestamp_seconds", "When the last run ended.").WithLabelValues(r.Study).Set(ended)
	gauge("run_exit_code", "Exit code of the last run: see entscope help exit-codes.").
		WithLabelValues(r.Study).Set(float64(exit))
	gauge("run_seconds", "How long the last run took.").WithLabelValues(r.Study).Set(r.Seconds)
	gauge("run_warnings", "Warnings of the last run.").WithLabelValues(r.Study).Set(float64(len(r.Warnings)))
	gauge("run_unfetched_files", "Files that a server lists and did not give.").
		WithLabelValues(r.Study).Set(float64(len(r.Unfetched)))
	seconds := gauge("stage_seconds", "How long a stage of the last run took.", "stage")
	failed := gauge("stage_failed", "1 if the stage of the last run failed.", "stage")
	counted := gauge("stage_counted", "What pull or ingest of the last run counted.", "stage", "of")
	for _, s := range r.Stages {
		seconds.WithLabelValues(r.Study, s.Stage).Set(s.Seconds)
		failed.WithLabelValues(r.Study, s.Stage).Set(0)
		if s.Status == pipeline.Failed {
			failed.WithLabelValues(r.Study, s.Stage).Set(1)
		}
		if s.Stage != "pull" && s.Stage != "ingest" {
			continue // how many persons there are, exactly, may not be watched from run to run
		}
		for name, n := range s.Counts {
			counted.WithLabelValues(r.Study, s.Stage, name).Set(float64(n))
		}
	}
	families, err := registry.Gather()
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	var out bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&out, f); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	return out.Bytes(), nil
}
