package study

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/entscope/entscope/anonymize/engine/trino"
	"github.com/entscope/entscope/ingest/source"
)

// EngineTrino is the kind of an engine that somebody operates already.
const EngineTrino = "trino"

// Engine says what computes the behaviours of the editions. Nothing of an edition follows from it.
type Engine struct {
	// embedded computes on this machine, trino on a cluster; all but the behaviours and their recount stays here
	Kind string `toml:"kind" words:"embedded,trino" default:"embedded"`
	// of the coordinator; http, and no password, only where it is on this machine
	URL string `toml:"url" example:"https://trino.example.org:8443"`
	// a catalog of the Hive connector
	Catalog string `toml:"catalog" example:"lake"`
	// schemas of this name with _behaviours and _recount are made, and dropped at the end
	Scratch string `toml:"scratch" example:"entscope_scratch"`
	// who asks the engine
	User string `toml:"user" example:"entscope"`
	// file of the user's password, closed to others
	PasswordFile string `toml:"password_file" example:"trino.password"`
	// certificate authority of the engine, in PEM; those of this machine if unset
	CAFile string `toml:"ca_file" example:"trino-ca.pem"`
	// a folder that the engine sees too: the zone's files are linked there, or copied, for as long as they are needed
	Folder string `toml:"folder" example:"/srv/lake/entscope"`
	// how the engine names that folder
	FolderURL string `toml:"folder_url" example:"local:///entscope"`
	// 1000000000 if unset: the most rows of one answer; more are refused
	MaxRows int64 `toml:"max_rows" example:"1000000000"`
}

// maxRows is some twice what the largest answer of all of France has.
const maxRows = 1_000_000_000

// engineWorks are the works that an engine elsewhere is asked for, each with a schema of its own.
var engineWorks = []string{"behaviours", "recount"}

// Schemas are the configurations of an engine elsewhere, by work; none for the embedded one. An unusable secret or
// file is an error.
func (s *Study) Schemas() (map[string]trino.Config, error) {
	if s.Engine.Kind != EngineTrino {
		return nil, nil
	}
	secret, err := source.ReadSecret(s.Path(s.Engine.PasswordFile))
	if err != nil {
		return nil, fmt.Errorf("%w: engine.password_file: %w", ErrConfig, err)
	}
	var ca []byte
	if s.Engine.CAFile != "" {
		if ca, err = os.ReadFile(s.Path(s.Engine.CAFile)); err != nil {
			return nil, fmt.Errorf("%w: engine.ca_file: %w", ErrConfig, err)
		}
	}
	schemas := map[string]trino.Config{}
	for _, work := range engineWorks {
		c := s.schema(work)
		c.Password, c.CA = secret.Reveal(), ca
		if err := c.Check(); err != nil {
			return nil, fmt.Errorf("%w: [engine]: %w", ErrConfig, err)
		}
		schemas[work] = c
	}
	return schemas, nil
}

func (s *Study) schema(work string) trino.Config {
	e := s.Engine
	owner := sha256.Sum256([]byte(s.Dir))
	c := trino.Config{URL: e.URL, Catalog: e.Catalog, Schema: e.Scratch + "_" + work,
		Owner: hex.EncodeToString(owner[:6]), User: e.User, Folder: s.Path(e.Folder), FolderURL: e.FolderURL,
		MostRows: e.MaxRows}
	if c.MostRows == 0 {
		c.MostRows = maxRows
	}
	return c
}

// checkEngine refuses an engine elsewhere that is not reached safely, and keys of one where none is asked.
func (s *Study) checkEngine(fault func(string, ...any)) {
	if s.Engine.Kind != EngineTrino {
		if kind := s.Engine.Kind; s.Engine != (Engine{Kind: kind}) {
			fault("%s: its keys are of kind = \"trino\"", s.where("engine", "engine.url"))
		}
		return
	}
	c := s.schema(engineWorks[0])
	if s.Engine.PasswordFile != "" {
		c.Password = "of the file" // read when it is needed
	}
	if err := c.Check(); err != nil {
		fault("%s: %w", s.where("[engine]", "engine.url"), err)
	}
}
