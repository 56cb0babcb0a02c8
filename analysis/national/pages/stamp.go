package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
)

// Job is one publication of an edition.
type Job struct {
	Edition, Out string // folders
	Options
	Asked national.Options
}

// stampFile says what the pages were made from, and holds the hash of each of them.
const stampFile = "manifest.json"

// stamp is the manifest.json of the pages.
type stamp struct {
	Kind         string            `json:"kind"`
	Software     string            `json:"software"`
	Lang         string            `json:"lang"`
	Events       []string          `json:"events"`
	AcrossBreaks bool              `json:"across_breaks"`
	Edition      string            `json:"edition"` // SHA-256 of its manifest
	Published    int               `json:"published"`
	Unmeasured   int               `json:"not_measurable"`
	Files        map[string]string `json:"files"` // SHA-256 by name
}

const stampKind = "national pages"

// Summary says what a publication holds.
type Summary struct {
	Published  int `json:"published"`
	Unmeasured int `json:"not_measurable"`
	// Made is false when the pages were there already.
	Made bool `json:"made"`
}

// stamp is what pages must have been made from to be up to date.
func (j Job) stamp() (stamp, error) {
	data, err := edition.ReadPlain(j.Edition, "manifest.json")
	if err != nil {
		return stamp{}, fmt.Errorf("pages: edition: %w", err)
	}
	s := stamp{Kind: stampKind, Software: j.Software, Lang: j.Lang, AcrossBreaks: j.Asked.AcrossBreaks,
		Edition: digest(data), Events: []string{}}
	for _, e := range j.Asked.Events {
		s.Events = append(s.Events, e.String())
	}
	return s, nil
}

// sameAs reports whether two stamps were made from the same.
func (s stamp) sameAs(o stamp) bool {
	return s.Kind == o.Kind && s.Software == o.Software && s.Lang == o.Lang && s.Edition == o.Edition &&
		s.AcrossBreaks == o.AcrossBreaks && slices.Equal(s.Events, o.Events)
}

// readStamp reads the stamp of a folder of pages.
func readStamp(dir string) (stamp, error) {
	var s stamp
	data, err := edition.ReadPlain(dir, stampFile)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, err
	}
	if s.Kind != stampKind {
		return s, errors.New("it holds no pages of the national open data")
	}
	return s, nil
}

// ours accepts a folder of pages.
func ours(dir string) error {
	_, err := readStamp(dir)
	return err
}

// Publish answers the questions of an edition and puts the pages in place whole; pages
// made from the same by the same software stay.
func Publish(ctx context.Context, j Job) (sum Summary, err error) {
	want, err := j.stamp()
	if err != nil {
		return sum, err
	}
	if have, err := readStamp(j.Out); err == nil && have.sameAs(want) {
		if files, err := hashes(j.Out); err == nil && maps.Equal(files, have.Files) {
			return Summary{have.Published, have.Unmeasured, false}, nil
		}
	}
	stage, err := durable.NewStage(j.Out, 0o755)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, stage.Abort()) }()
	a, err := national.Answer(ctx, j.Edition, j.Asked)
	if err != nil {
		return sum, err
	}
	if err := Write(stage.Dir(), a, j.Options); err != nil {
		return sum, err
	}
	for _, r := range a.Results {
		if r.Estimate == nil {
			want.Unmeasured++
		} else {
			want.Published++
		}
	}
	if want.Files, err = hashes(stage.Dir()); err != nil {
		return sum, err
	}
	data, err := json.MarshalIndent(want, "", "  ")
	if err != nil {
		return sum, fmt.Errorf("pages: stamp: %w", err)
	}
	if err := os.WriteFile(filepath.Join(stage.Dir(), stampFile), append(data, '\n'), 0o644); err != nil {
		return sum, fmt.Errorf("pages: stamp: %w", err)
	}
	return Summary{want.Published, want.Unmeasured, true}, stage.Commit(ours)
}

// hashes are those of every file of a folder but the stamp.
func hashes(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	files := map[string]string{}
	for _, e := range entries {
		if e.Name() == stampFile {
			continue
		}
		data, err := edition.ReadPlain(dir, e.Name())
		if err != nil {
			return nil, fmt.Errorf("pages: %w", err)
		}
		files[e.Name()] = digest(data)
	}
	return files, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
