package study

import (
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest/tabular"
)

// where puts the line of a key before the words that say which table is meant.
func (s *Study) where(at, path string) string {
	if line := s.lines.Of(path); line > 0 {
		return fmt.Sprintf("line %d: %s", line, at)
	}
	return at
}

// mappingFaults reports each fault of the mapping at a path, with its line.
func (s *Study) mappingFaults(err error, fault func(string, ...any), at, path string) {
	switch err := err.(type) {
	case nil:
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			s.mappingFaults(one, fault, at, path)
		}
	case *tabular.Fault:
		fault("%s: %w", s.where(at, path+"."+strings.Join(err.Key, ".")), err)
	default:
		fault("%s: %w", s.where(at, path), err)
	}
}
