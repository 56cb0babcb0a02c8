package study

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/entscope/entscope/anonymize/zone"
)

// Overdue says in a sentence that the restricted zone of the study is older than
// legal.retention allows; "" when it is not, when there is no zone, or when the
// study states no mere period.
func (s *Study) Overdue(now time.Time) (string, error) {
	period, ok := s.Legal.KeepFor()
	if !ok {
		return "", nil
	}
	since, err := zone.Since(s.Path(s.Output.Restricted))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	end := period.After(since)
	if !now.After(end) {
		return "", nil
	}
	return fmt.Sprintf("the restricted zone has stood since %s, longer than legal.retention (%s) allows: "+
		"its time ended on %s",
		since.Format(time.DateOnly), s.Legal.Retention, end.Format(time.DateOnly)), nil
}
