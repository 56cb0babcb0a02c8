// Package join says how well the inputs of a study fit together. What one input names, another should know: the
// accounts of a log stand in the directory, the guardian of a child is there, a register's classes have pupils. A
// wrong word in the study, or a file that was cut in transfer, breaks such a join without breaking a record, and each
// figure behind it is then wrong without a word.
//
//  1. whoever reads two inputs counts, on either side, how many are named and how many of them are known: a Join
//     (anonymize/zone for logs, ingest/directory for the directory and the registers);
//  2. Floors says which are doubtful and which too poor to be used. check and run ask the same Floors;
//  3. shares of persons, rounded, leave for the report and the audit; counts stay where the counting was done.
package join

import (
	"fmt"
	"strings"
)

// Join is one side of a join: of those that From names, how many To knows.
type Join struct {
	From string `json:"from"` // "feed neo", "accounts cas", "register publications", "directory"
	To   string `json:"to"`
	Unit Unit   `json:"unit"`
	// By and Value narrow it to a profile or a school; empty is all.
	By    By     `json:"by,omitempty"`
	Value string `json:"value,omitempty"`
	Named int64  `json:"named"`
	Known int64  `json:"known"`
	// Stated is true where the join must hold for the study to be read rightly; the others are shown only.
	Stated bool `json:"stated,omitempty"`
	// Close is true where next to all should be known: the two sides are one export.
	Close bool `json:"close,omitempty"`
	// Hint is the way on when it does not hold.
	Hint string `json:"hint,omitempty"`
}

// Unit is what a join counts.
type Unit string

// Units of a join.
const (
	Accounts Unit = "accounts"
	Events   Unit = "events"
	Persons  Unit = "persons"
	Classes  Unit = "classes"
	Schools  Unit = "schools"
)

// By is what a join is told by.
type By string

// What a join is told by.
const (
	ByProfile By = "profile"
	BySchool  By = "school"
)

// Share is the share that is known, 0 to 1; 1 of nobody.
func (j *Join) Share() float64 {
	if j.Named == 0 {
		return 1
	}
	return float64(j.Known) / float64(j.Named)
}

func (j *Join) String() string {
	text := fmt.Sprintf("%s: %s knows %d of %d %s", j.From, j.To, j.Known, j.Named, j.Unit)
	if j.By != "" {
		text += fmt.Sprintf(" (%s %s)", j.By, j.Value)
	}
	return text
}

// Floors are the least shares of what must be known, 0 to 1.
type Floors struct {
	// Known is the share below which the input is refused.
	Known float64
	// Sure is the share below which a join is doubtful.
	Sure float64
}

// Few is the number of accounts, persons, classes or schools below which a poor join is a doubt and no refusal: a
// share of so few says little.
const Few = 20

// close is the share of a Close join that may be unknown without a word: somebody who left between two extractions.
const closeFloor = 0.995

// Judge says which of the stated joins are doubtful; the error is an *Error of those that are too poor.
func (f Floors) Judge(joins []Join) (doubts []string, err error) {
	var refused []string
	for i := range joins {
		j := &joins[i]
		sure := f.Sure
		switch {
		case j.Close:
			sure = max(sure, closeFloor)
		case j.Unit == Classes: // some are of pupils who left
			sure = f.Known
		}
		switch share := j.Share(); {
		case !j.Stated || j.Named == 0:
		case share < f.Known && j.Named >= Few:
			refused = append(refused, j.fault(f.Known))
		case share < sure || share < f.Known:
			doubts = append(doubts, j.fault(sure))
		}
	}
	if len(refused) > 0 {
		return doubts, &Error{refused}
	}
	return doubts, nil
}

func (j *Join) fault(floor float64) string {
	text := fmt.Sprintf("%s, less than the share of %g", j, floor)
	if j.Hint != "" {
		text += "; hint: " + j.Hint
	}
	return text
}

// Error says that inputs do not fit together.
type Error struct {
	Joins []string // one sentence each
}

func (e *Error) Error() string { return strings.Join(e.Joins, "\n") }
