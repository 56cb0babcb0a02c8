package ingest

import "slices"

// FieldFault is why records were refused that name a field: which one, what its values
// look like, and what was perhaps meant. It holds no value.
type FieldFault struct {
	Field  string `json:"field"`
	Reason Reason `json:"reason"`
	// Shape is the Shape of the values; empty where there is none.
	Shape string `json:"shape,omitempty"`
	// Near is the word or the layout of the study that would fit, if one does.
	Near string `json:"near,omitempty"`
}

// FaultCount is how many records have a fault, and the line of the first.
type FaultCount struct {
	FieldFault
	N    int64 `json:"records"`
	Line int64 `json:"line"`
}

// maxFaults bounds how many different faults of a file are told apart.
const maxFaults = 64

// FaultCounts are the faults of a file.
type FaultCounts map[FieldFault]*FaultCount

// Add counts n records with a fault, the first on a line. What is beyond the bound is
// counted without its shape.
func (c *FaultCounts) Add(f FieldFault, n, line int64) {
	if *c == nil {
		*c = FaultCounts{}
	}
	if (*c)[f] == nil && len(*c) >= maxFaults {
		f.Shape, f.Near = "", ""
	}
	known := (*c)[f]
	if known == nil {
		known = &FaultCount{FieldFault: f, Line: line}
		(*c)[f] = known
	}
	known.N += n
	known.Line = min(known.Line, line)
}

// List is the faults, the most frequent first.
func (c FaultCounts) List() []FaultCount {
	list := make([]FaultCount, 0, len(c))
	for _, f := range c {
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b FaultCount) int {
		if a.N != b.N {
			return int(b.N - a.N)
		}
		return int(a.Line - b.Line)
	})
	return list
}

// FieldSink is a Sink that also wants to know which fields were at fault.
type FieldSink interface {
	Sink
	// FieldFault reports that a record was refused for a field; line counts as that of
	// the Reject.
	FieldFault(f FieldFault, line int64)
}
