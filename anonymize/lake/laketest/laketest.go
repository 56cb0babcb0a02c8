// Package laketest is an S3-compatible store in memory, for tests: as much of the protocol as package lake speaks, with
// conditional puts, and with faults. It checks no signature, which the real server of .ci/servers does.
package laketest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/source"
)

// Bucket is the one bucket of the store, User who may enter.
const (
	Bucket = "bucket"
	User   = "entscope"
	Secret = "a-secret-that-no-text-shows"
)

// Store is such a store.
type Store struct {
	URL string

	mu      sync.Mutex
	objects map[string][]byte
	at      map[string]time.Time
	before  func(w http.ResponseWriter, r *http.Request) (answered bool)
	// Careless takes each put, whatever its condition.
	Careless bool
	// Versions makes the bucket one that keeps what is removed.
	Versions bool
}

// New starts a store that ends with the test.
func New(t *testing.T) *Store {
	t.Helper()
	s := &Store{objects: map[string][]byte{}, at: map[string]time.Time{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Remote is the place below a prefix.
func (s *Store) Remote(t *testing.T, prefix string) source.Remote {
	t.Helper()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return source.Remote{Kind: "s3", URL: s.URL, Bucket: Bucket, Prefix: prefix, User: User, PasswordFile: file,
		Plain: true}
}

// Before has each request seen by f, which may answer it; nil ends that.
func (s *Store) Before(f func(w http.ResponseWriter, r *http.Request) (answered bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

// Objects is a copy of all objects by key.
func (s *Store) Objects() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.objects)
}

// Set makes, changes or, with nil, removes an object.
func (s *Store) Set(key string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.objects, key); data != nil {
		s.objects[key], s.at[key] = data, time.Now()
	}
}

// ServeHTTP implements http.Handler.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	before := s.before
	s.mu.Unlock()
	if before == nil || !before(w, r) {
		s.Serve(w, r)
	}
}

// Serve answers a request, whatever Before says.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Authorization"), "Credential="+User+"/") {
		Refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket != Bucket:
		Refuse(w, http.StatusNotFound, "NoSuchBucket")
	case r.Method == http.MethodGet && r.URL.Query().Has("versioning"):
		status := ""
		if s.Versions {
			status = "<Status>Enabled</Status>"
		}
		fmt.Fprintf(w, "<VersioningConfiguration>%s</VersioningConfiguration>", status)
	case r.Method == http.MethodGet && r.URL.Query().Has("list-type"):
		s.list(w, r.URL.Query().Get("prefix"), r.URL.Query().Get("continuation-token"))
	case r.Method == http.MethodGet:
		data, ok := s.objects[key]
		if !ok {
			Refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", tag(data))
		w.Header().Set("Last-Modified", s.at[key].UTC().Format(http.TimeFormat))
		_, _ = w.Write(data)
	case r.Method == http.MethodPut:
		s.put(w, r, key, body)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		Refuse(w, http.StatusNotImplemented, "NotImplemented")
	}
}

func (s *Store) put(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	sum := sha256.Sum256(body)
	if r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]) {
		Refuse(w, http.StatusBadRequest, "XAmzContentSHA256Mismatch")
		return
	}
	if _, there := s.objects[key]; there && r.Header.Get("If-None-Match") == "*" && !s.Careless {
		Refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	s.objects[key], s.at[key] = body, time.Now()
	w.Header().Set("ETag", tag(body))
}

// pageSize is small, so that tests see several pages.
const pageSize = 20

func (s *Store) list(w http.ResponseWriter, prefix, after string) {
	type object struct {
		Key          string
		LastModified string
		ETag         string
		Size         int
	}
	var answer struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		Name                  string
		Prefix                string
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []object
	}
	answer.Name, answer.Prefix = Bucket, prefix
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if !strings.HasPrefix(key, prefix) || key <= after {
			continue
		}
		if len(answer.Contents) == pageSize {
			answer.IsTruncated, answer.NextContinuationToken = true, answer.Contents[pageSize-1].Key
			break
		}
		data := s.objects[key]
		answer.Contents = append(answer.Contents,
			object{key, s.at[key].UTC().Format(time.RFC3339), tag(data), len(data)})
	}
	var b bytes.Buffer
	_ = xml.NewEncoder(&b).Encode(answer)
	_, _ = w.Write(b.Bytes())
}

func tag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// Refuse answers with an error of the protocol.
func Refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, Secret)
}
