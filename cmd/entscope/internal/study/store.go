package study

import (
	"strings"

	"github.com/entscope/entscope/ingest/source"
)

// Store says which S3-compatible store holds the restricted zone; without one it is the folder alone. Nothing of an
// edition follows from it.
type Store struct {
	// the endpoint; http only where it is on this machine
	URL string `toml:"url" example:"https://s3.example.org"`
	// the bucket; it keeps no versions of what is removed
	Bucket string `toml:"bucket" example:"entscope"`
	// beginning of the names of the zone's objects; nothing else stands below it
	Prefix string `toml:"prefix" example:"academie/2025-T1"`
	// the region; us-east-1 if unset, as stores without regions sign
	Region string `toml:"region"`
	// the id of the access key
	User string `toml:"user" example:"entscope"`
	// file of the secret key, closed to others
	PasswordFile string `toml:"password_file" example:"store.password"`
	// certificate authority of the store, in PEM; those of this machine if unset
	CAFile string `toml:"ca_file" example:"store-ca.pem"`
}

// Lake is the store of the restricted zone; false where there is none.
func (s *Study) Lake() (source.Remote, bool) {
	t := s.Store
	if t == (Store{}) {
		return source.Remote{}, false
	}
	return source.Remote{Kind: "s3", URL: t.URL, Bucket: t.Bucket, Prefix: strings.Trim(t.Prefix, "/"), Region: t.Region,
		User: t.User, PasswordFile: s.Path(t.PasswordFile), CAFile: s.Path(t.CAFile),
		Plain: strings.HasPrefix(t.URL, "http://"), // allowed on this machine alone
	}, true
}

// checkStore refuses a store that is not reached safely.
func (s *Study) checkStore(fault func(string, ...any)) {
	if r, ok := s.Lake(); ok {
		if err := r.Check(); err != nil {
			fault("%s: %w", s.where("[store]", "store.url"), err)
		}
	}
}
