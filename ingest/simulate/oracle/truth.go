package oracle

import (
	"bytes"
	"encoding/json"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// Truth is truth.json.
type Truth struct {
	Synthetic bool `json:"synthetic"`
	// Region says which region was drawn; the values are the same for all of a
	// number of weeks.
	Region      *Region        `json:"region,omitempty"`
	Assumptions map[string]any `json:"assumptions,omitempty"`
	// Plants are what went wrong in the region, on purpose.
	Plants     []region.Plant `json:"plants,omitempty"`
	MonteCarlo *MonteCarlo    `json:"monte_carlo,omitempty"`
	Values     []Value        `json:"values"`
	// Counts are the numerators and denominators of the approved measures,
	// counted on all persons of the region before anything became a log.
	Counts []Count `json:"counts,omitempty"`
}

// MonteCarlo says how the values were computed.
type MonteCarlo struct {
	Regions int    `json:"regions"`
	Schools int    `json:"schools"`
	Parents int    `json:"parents"`
	Seed    uint64 `json:"seed"`
	// Error is the largest relative standard error over the whole population.
	Error float64 `json:"error"`
	Note  string  `json:"note"`
}

// Region is one drawn region.
type Region struct {
	Parents int    `json:"parents"`
	Schools int    `json:"schools"`
	Weeks   int    `json:"weeks"`
	Years   int    `json:"years,omitempty"`
	Seed    uint64 `json:"seed"`
}

// Render is the JSON of a truth with a value, or a count, on each line.
func (t *Truth) Render() ([]byte, error) {
	head := *t
	head.Values, head.Counts = []Value{}, nil
	data, err := json.MarshalIndent(head, "", " ")
	if err != nil {
		return nil, err
	}
	data = append(bytes.TrimSuffix(data, []byte("[]\n}")), "[\n"...)
	if data, err = appendLines(data, t.Values); err != nil {
		return nil, err
	}
	if len(t.Counts) > 0 {
		if data, err = appendLines(append(data, " ],\n \"counts\": [\n"...), t.Counts); err != nil {
			return nil, err
		}
	}
	return append(data, " ]\n}\n"...), nil
}

// appendLines writes the JSON of each row on a line of its own.
func appendLines[T any](data []byte, rows []T) ([]byte, error) {
	for i, v := range rows {
		line, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		data = append(append(data, "  "...), line...)
		if i < len(rows)-1 {
			data = append(data, ',')
		}
		data = append(data, '\n')
	}
	return data, nil
}
