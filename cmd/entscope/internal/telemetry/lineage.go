package telemetry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
)

// producer is who says it, as OpenLineage asks: the address of the program.
const producer = "https://github.com/entscope/entscope"

// Schemas of the events and of their facets (OpenLineage 2-0-2, https://openlineage.io/spec).
const (
	eventSchema  = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
	parentSchema = "https://openlineage.io/spec/facets/1-1-0/ParentRunFacet.json#/$defs/ParentRunFacet"
	typeSchema   = "https://openlineage.io/spec/facets/2-0-3/JobTypeJobFacet.json#/$defs/JobTypeJobFacet"
	errorSchema  = "https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet"
)

type event struct {
	EventType string    `json:"eventType"` // START, COMPLETE, FAIL
	EventTime time.Time `json:"eventTime"`
	Run       run       `json:"run"`
	Job       job       `json:"job"`
	Inputs    []dataset `json:"inputs,omitempty"`
	Outputs   []dataset `json:"outputs,omitempty"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
}

type run struct {
	RunID  uuid.UUID      `json:"runId"`
	Facets map[string]any `json:"facets,omitempty"`
}

type job struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    map[string]any `json:"facets,omitempty"`
}

type dataset struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// lineage are the events of a run, a JSON object a line: START and COMPLETE or FAIL of the run and, within it, of each
// of its stages, whose outputs are the inputs of the next.
func lineage(r *pipeline.Report, exit int) ([]byte, error) {
	whole, err := uuid.NewRandom()
	if err != nil {
		return nil, fmt.Errorf("lineage: %w", err)
	}
	study := job{Namespace: "entscope", Name: r.Study, Facets: jobType("JOB")}
	events := []event{state("START", r.Started, run{RunID: whole}, study)}
	begun := r.Started
	parent := map[string]any{"parent": map[string]any{
		"_producer": producer, "_schemaURL": parentSchema,
		"run": map[string]any{"runId": whole}, "job": map[string]any{"namespace": study.Namespace, "name": study.Name},
	}}
	place := "entscope/" + r.Study
	inputs := []dataset{{place, "raw"}}
	for _, s := range r.Stages {
		id, err := uuid.NewRandom()
		if err != nil {
			return nil, fmt.Errorf("lineage: %w", err)
		}
		own := run{RunID: id, Facets: parent}
		of := job{Namespace: study.Namespace, Name: r.Study + "." + s.Stage, Facets: jobType("TASK")}
		first := state("START", begun, own, of)
		first.Inputs = inputs
		begun = begun.Add(time.Duration(s.Seconds * float64(time.Second)))
		last := state("COMPLETE", begun, own, of)
		last.Inputs, last.Outputs = inputs, outputs(place, s)
		if s.Status == pipeline.Failed {
			last.EventType, last.Outputs = "FAIL", nil
			last.Run.Facets = map[string]any{"parent": parent["parent"], "errorMessage": map[string]any{
				"_producer": producer, "_schemaURL": errorSchema, "message": s.Error, "programmingLanguage": "go"}}
		}
		events = append(events, first, last)
		inputs = last.Outputs
	}
	last := state("COMPLETE", r.Started.Add(time.Duration(r.Seconds*float64(time.Second))), run{RunID: whole}, study)
	if exit != 0 && exit != 3 {
		last.EventType = "FAIL"
	}
	return lines(append(events, last))
}

func state(kind string, at time.Time, of run, j job) event {
	return event{EventType: kind, EventTime: at.UTC(), Run: of, Job: j, Producer: producer, SchemaURL: eventSchema}
}

func jobType(kind string) map[string]any {
	return map[string]any{"jobType": map[string]any{"_producer": producer, "_schemaURL": typeSchema,
		"processingType": "BATCH", "integration": "ENTSCOPE", "jobType": kind}}
}

// outputs names what a stage made: the folders of editions and publications by their last element, and the zones of
// the stages that name no folder.
func outputs(place string, s pipeline.StageReport) []dataset {
	switch s.Stage {
	case "pull":
		return []dataset{{place, "raw"}}
	case "ingest":
		return []dataset{{place, "restricted"}}
	}
	var out []dataset
	for _, path := range s.Outputs {
		out = append(out, dataset{place, s.Stage + "/" + filepath.Base(path)})
	}
	return out
}

func lines(events []event) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	for _, of := range events {
		if err := e.Encode(of); err != nil {
			return nil, fmt.Errorf("lineage: %w", err)
		}
	}
	return out.Bytes(), nil
}
