package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// Overdue says in a sentence that the restricted zone of a study is older than
// legal.retention allows; "" when it is not, when there is no zone, or when the
// study states no mere period.
func Overdue(s *study.Study, now time.Time) (string, error) {
	period, ok := s.Legal.KeepFor()
	if !ok {
		return "", nil
	}
	since, err := pseudonym.ZoneSince(s.Path(s.Output.Restricted))
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
	return fmt.Sprintf("the restricted zone has stood since %s, longer than legal.retention (%s) allows: its time ended on %s",
		since.Format(time.DateOnly), s.Legal.Retention, end.Format(time.DateOnly)), nil
}
