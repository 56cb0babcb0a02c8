package anonymize

import (
	"errors"
	"fmt"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/subject"
)

// deadlines are the declared deadlines as the tables count with them, in the
// order of the study.
func (s *Study) deadlines() ([]subject.Deadline, error) {
	var (
		deadlines []subject.Deadline
		faults    []error
	)
	for i, d := range s.Declared {
		start, err := time.Parse(time.DateOnly, d.Start)
		end, errEnd := start, error(nil)
		if d.End != "" {
			end, errEnd = time.Parse(time.DateOnly, d.End)
		}
		switch {
		case d.Name == "" || d.Kind != edition.DeclaredEvent && d.Kind != edition.DeclaredDeadline:
			const text = "anonymize: declared %d (%s): no name, or a kind that is neither event nor deadline"
			faults = append(faults, fmt.Errorf(text, i+1, d.Name))
		case err != nil || errEnd != nil || end.Before(start):
			faults = append(faults,
				fmt.Errorf("anonymize: %s %s: its days are not dates in their order", d.Kind, d.Name))
		case d.Kind == edition.DeclaredDeadline:
			deadlines = append(deadlines,
				subject.Deadline{Name: d.Name, Day: day(start), Levels: d.Levels, Grades: d.Grades})
		}
	}
	return deadlines, errors.Join(faults...)
}
