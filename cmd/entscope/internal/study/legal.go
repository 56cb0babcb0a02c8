package study

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/entscope/entscope/anonymize/audit/blank"
)

// Legal is what the controller states to the data-protection officer and to families.
// The audit and the officer's papers print it as stated; nothing is published while a
// line is missing.
type Legal struct {
	// who decides why and how the data are processed, and how to reach them (GDPR, art. 13-1-a)
	Controller string `toml:"controller" example:"Académie de Z, rectorat, 1 place X, 00000 Z"`
	// the data-protection officer, and how to reach them (art. 13-1-b)
	DPO string `toml:"dpo" example:"dpd@example.org"`
	// who processes the data on the controller's behalf (art. 28); "aucun" where nobody does
	Processors string `toml:"processors"`
	// what the study is for, in words that a family reads (art. 5-1-b and 13-1-c)
	Purpose string `toml:"purpose"`
	// which letter of article 6 GDPR, and the text that founds it
	LegalBasis string `toml:"legal_basis"`
	// why research or statistics is compatible with what the logs were kept for (art. 5-1-b and 89)
	Compatibility string `toml:"compatibility"`
	// reference and date of the impact assessment (art. 35)
	DPIA string `toml:"dpia"`
	// who receives the editions, and under which agreement (art. 13-1-e and 30-1-d)
	Convention string `toml:"convention"`
	// how families and pupils were informed, and when (art. 12 to 14)
	Notice string `toml:"notice"`
	// how somebody objects, to whom, and what happens then (art. 21)
	Objections string `toml:"objections"`
	// who holds the master key
	KeyCustodians string `toml:"key_custodians"`
	// how long the raw logs and directories are kept that the study reads
	RetentionRaw string `toml:"retention_raw" example:"12 months"`
	// how long the restricted zone is kept: an older one ends each run with exit code 3
	Retention string `toml:"retention" example:"12 months"`
	// how long the editions are kept, by whoever has a copy
	RetentionEditions string `toml:"retention_editions" example:"5 years"`
	// how long the publication stays
	RetentionPublished string `toml:"retention_published" example:"5 years"`
	// when all this is looked at again
	NextReview string `toml:"next_review" example:"2026-09"`
}

// ReadLegal reads [legal] of the study at path and nothing else: not its policies, nor
// whether the rest fits.
func ReadLegal(path string) (Legal, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Legal{}, fmt.Errorf("study: %w", err)
	}
	s, err := parse(data)
	if err != nil {
		return Legal{}, fmt.Errorf("study %s: %w", filepath.Base(path), err)
	}
	return s.Legal, nil
}

// unstated are the keys whose line says nothing, in order.
func (l *Legal) unstated() []string {
	var keys []string
	v := reflect.ValueOf(*l)
	for i := range v.NumField() {
		if blank.Line(v.Field(i).String()) {
			keys = append(keys, v.Type().Field(i).Tag.Get("toml"))
		}
	}
	return keys
}

// Publishable says as an error, which wraps ErrConfig, what of [legal] is missing: a
// publication carries its audit, and no audit stands with an empty line.
func (s *Study) Publishable() error {
	keys := s.Legal.unstated()
	if len(keys) == 0 {
		return nil
	}
	return fmt.Errorf("%w: [legal]: %s: not said, and nothing is published without; hint: entscope help study "+
		"tells what each line says, \"aucun\" or \"sans objet\" is an answer; --until anonymize asks for none",
		ErrConfig, strings.Join(keys, ", "))
}
