// Package entcore reads the event export of an entcore platform
// (edificeio/entcore aa39df0; FORMATS.md#entcore-events-in-mongodb) as deliveries: one window of
// time is one file of documents, one on each line.
//
//	GET /infra/v2/event/list/events/<epoch ms>?duration=<ms>&sorted=true&skip-synced=false
//
// gives at most a batch (50,000) of the window [epoch, epoch+duration) and says in
// X-HAS-MORE whether there are more: the window is halved then, until there are
// not, which depends on no order of what is left out. A platform without v2 is
// asked by v1, which gives the whole window. skip-synced is true by default there
// and would leave out what the platform's own statistics have taken.
package entcore

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/https"
)

// maxDocument bounds what a document, and with it memory, may take.
const maxDocument = 16 << 20

// Server is a platform.
type Server struct {
	*source.Windows
	base   *url.URL
	client *https.Client
	old    bool // the platform knows v1 only
}

// Dial prepares the platform of r; nothing is sent yet.
func Dial(r source.Remote) (*Server, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, errors.New("entcore: not an address")
	}
	client, err := https.NewClient(r)
	if err != nil {
		return nil, err
	}
	s := &Server{base: u, client: client}
	s.Windows = source.NewWindows(r, "events", s.export)
	return s, nil
}

// Close closes idle connections.
func (s *Server) Close() error { return s.client.Close() }

// export writes the documents of a window, by halves where a batch is too small.
func (s *Server) export(ctx context.Context, w source.Window, out *bufio.Writer) error {
	body, more, err := s.get(ctx, w)
	if err != nil {
		return err
	}
	if !more {
		defer body.Close()
		return s.lines(body, out)
	}
	body.Close()
	half := w.From.Add((w.To.Sub(w.From) / 2).Truncate(time.Millisecond))
	if !half.After(w.From) {
		return fmt.Errorf("entcore: %s: %w: more events in a millisecond than a batch holds", s.base.Host,
			source.ErrServer)
	}
	if err := s.export(ctx, source.Window{From: w.From, To: half}, out); err != nil {
		return err
	}
	return s.export(ctx, source.Window{From: half, To: w.To}, out)
}

func (s *Server) get(ctx context.Context, w source.Window) (body io.ReadCloser, more bool, err error) {
	u := *s.base
	u.RawQuery = fmt.Sprintf("duration=%d&sorted=true&skip-synced=false", w.To.Sub(w.From).Milliseconds())
	if !s.old {
		u.Path = fmt.Sprintf("/infra/v2/event/list/events/%d", w.From.UnixMilli())
		response, err := s.client.Do(ctx, http.MethodGet, &u, nil, http.StatusOK)
		var status *https.StatusError
		switch {
		case errors.As(err, &status) && status.Code == http.StatusNotFound:
			s.old = true
		case err != nil:
			return nil, false, err
		default:
			switch response.Header.Get("X-HAS-MORE") {
			case "true":
				return response.Body, true, nil
			case "false":
				return response.Body, false, nil
			}
			response.Body.Close() // silence is not "no more": events would be lost
			return nil, false, fmt.Errorf("entcore: %s: %w: no X-HAS-MORE", s.base.Host, source.ErrServer)
		}
	}
	u.Path = fmt.Sprintf("/infra/event/list/events/%d", w.From.UnixMilli())
	response, err := s.client.Do(ctx, http.MethodGet, &u, nil, http.StatusOK)
	if err != nil {
		return nil, false, err
	}
	return response.Body, false, nil
}

// lines writes the documents of an array, one on each line. An array that ends
// before its bracket is a transfer that broke off.
func (s *Server) lines(body io.Reader, out *bufio.Writer) error {
	limited := &io.LimitedReader{R: body, N: maxDocument}
	d := json.NewDecoder(limited)
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return s.broken(err)
	}
	var compact bytes.Buffer
	for d.More() {
		var document json.RawMessage
		if err := d.Decode(&document); err != nil {
			if limited.N <= 0 {
				return fmt.Errorf("entcore: %s: %w: a document of more than %d MiB", s.base.Host, source.ErrServer,
					maxDocument>>20)
			}
			return s.broken(err)
		}
		limited.N = maxDocument
		compact.Reset()
		if err := json.Compact(&compact, document); err != nil {
			return s.broken(err)
		}
		compact.WriteByte('\n')
		if _, err := out.Write(compact.Bytes()); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return s.broken(err)
	}
	return nil
}

// broken is a fault of the body; what JSON says of it may quote it.
func (s *Server) broken(err error) error {
	if fault := source.Fault(err); err != nil && errors.Is(fault, source.ErrTemporary) {
		return fmt.Errorf("entcore: %s: %w", s.base.Host, source.ErrTemporary)
	}
	return fmt.Errorf("entcore: %s: %w: not an array of documents", s.base.Host, source.ErrServer)
}
