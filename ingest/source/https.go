package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Remote is a delivery on a web server.
type Remote struct {
	URL string
	// Header holds what the server asks for, such as Authorization; the caller
	// has read it from a file or a credential. It goes to the URL's own host only.
	Header http.Header
	// Client may be nil; the default client gives up on a server that is silent
	// for a minute.
	Client *http.Client
	// Plain allows http: for a server on the same machine.
	Plain bool
}

// Errors of a fetch.
var (
	ErrStatus   = errors.New("the server refused")
	ErrInsecure = errors.New("not an https address")
	ErrShort    = errors.New("the server sent less than it announced")
)

// fetched is what is remembered beside a file: enough to ask whether it changed.
type fetched struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	Bytes    int64  `json:"bytes"`
}

// Fetch brings a remote delivery to the file path, and reports whether it
// changed anything. A file that the server says is unchanged (ETag,
// Last-Modified) stays; a transfer that broke off goes on where it stopped, if
// the server still has the same version; the file appears whole or not at all.
// Errors name the host, never the path, the query or the body.
func Fetch(ctx context.Context, remote Remote, path string) (changed bool, err error) {
	u, err := url.Parse(remote.URL)
	if err != nil || u.Host == "" {
		return false, errors.New("source: fetch: not an address")
	}
	if u.Scheme != "https" && !(remote.Plain && u.Scheme == "http") {
		return false, fmt.Errorf("source: fetch from %s: %w", u.Host, ErrInsecure)
	}
	f := &fetch{remote: remote, host: u.Host, path: path, partial: filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".partial")}
	if changed, err = f.run(ctx); err != nil {
		return false, fmt.Errorf("source: fetch from %s: %w", u.Host, err)
	}
	return changed, nil
}

type fetch struct {
	remote        Remote
	host          string
	path, partial string
}

func (f *fetch) run(ctx context.Context) (bool, error) {
	have, whole := f.remembered(f.path)
	part, broken := f.remembered(f.partial)
	offset := int64(0)
	if broken {
		if info, err := os.Stat(f.partial); err == nil && part.ETag != "" {
			offset = info.Size()
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.remote.URL, nil)
	if err != nil {
		return false, errors.New("bad request")
	}
	for name, values := range f.remote.Header {
		request.Header[name] = values
	}
	request.Header.Set("Accept-Encoding", "identity")
	switch {
	case offset > 0:
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
		request.Header.Set("If-Range", part.ETag)
	case whole && have.ETag != "":
		request.Header.Set("If-None-Match", have.ETag)
	case whole && have.Modified != "":
		request.Header.Set("If-Modified-Since", have.Modified)
	}
	response, err := f.client().Do(request)
	if err != nil {
		return false, plain(err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusNotModified:
		return false, nil
	case http.StatusOK:
		offset = 0
	case http.StatusPartialContent:
		if !strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", offset)) {
			return false, fmt.Errorf("%w: another range", ErrStatus)
		}
	case http.StatusRequestedRangeNotSatisfiable:
		return false, errors.Join(fmt.Errorf("%w: status %d", ErrStatus, response.StatusCode), os.Remove(f.partial))
	default:
		return false, fmt.Errorf("%w: status %d", ErrStatus, response.StatusCode)
	}
	return true, f.save(response, offset)
}

// plain is a transport error without the address, whose query may hold a secret.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// client follows no redirect to another host: the header is not for it.
func (f *fetch) client() *http.Client {
	c := f.remote.Client
	if c == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.ResponseHeaderTimeout = time.Minute
		c = &http.Client{Transport: transport}
	}
	own := *c
	own.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if r.URL.Host != f.host || r.URL.Scheme != via[0].URL.Scheme || len(via) > 5 {
			return fmt.Errorf("%w: a redirect to another server", ErrStatus)
		}
		return nil
	}
	return &own
}

// save writes the body behind offset and puts the file into place.
func (f *fetch) save(response *http.Response, offset int64) error {
	note := fetched{ETag: response.Header.Get("ETag"), Modified: response.Header.Get("Last-Modified")}
	if strings.HasPrefix(note.ETag, "W/") { // a weak tag does not promise the same bytes
		note.ETag = ""
	}
	if err := f.remember(f.partial, note); err != nil {
		return err
	}
	out, err := os.OpenFile(f.partial, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	if err := out.Truncate(offset); err != nil {
		return err
	}
	if _, err := out.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	n, err := io.Copy(out, response.Body)
	if err != nil {
		return fmt.Errorf("transfer broke off: %w", plain(err))
	}
	if response.ContentLength >= 0 && n != response.ContentLength {
		return ErrShort
	}
	note.Bytes = offset + n
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.partial, f.path); err != nil {
		return err
	}
	return errors.Join(f.remember(f.path, note), os.Remove(noteName(f.partial)))
}

func noteName(path string) string {
	return filepath.Join(filepath.Dir(path), "."+strings.TrimPrefix(filepath.Base(path), ".")+".fetch.json")
}

// remembered is the note beside a file; ok is false when either is not there or
// they do not belong together.
func (f *fetch) remembered(path string) (note fetched, ok bool) {
	data, err := os.ReadFile(noteName(path))
	if err != nil || json.Unmarshal(data, &note) != nil {
		return fetched{}, false
	}
	info, err := os.Stat(path)
	if err != nil {
		return fetched{}, false
	}
	return note, path == f.partial || info.Size() == note.Bytes
}

func (f *fetch) remember(path string, note fetched) error {
	data, err := json.Marshal(note)
	if err != nil {
		return err
	}
	return os.WriteFile(noteName(path), append(data, '\n'), fs.FileMode(0o600))
}
