/** A self-signed certificate whose private key was thrown away; it ends in 2126. Subject: O=Corsac tests, CN=idp.example. */
export const certificatePem = `-----BEGIN CERTIFICATE-----
MIIDPTCCAiWgAwIBAgIUeC5ZYSWi9jsTAfjxIO0wePcMllUwDQYJKoZIhvcNAQEL
BQAwLTEVMBMGA1UECgwMQ29yc2FjIHRlc3RzMRQwEgYDVQQDDAtpZHAuZXhhbXBs
ZTAgFw0yNjExMjExMjM3MTNaGA8yMTI2MTAyODEyMzcxM1owLTEVMBMGA1UECgwM
Q29yc2FjIHRlc3RzMRQwEgYDVQQDDAtpZHAuZXhhbXBsZTCCASIwDQYJKoZIhvcN
AQEBBQADggEPADCCAQoCggEBAOFcR4Yppn/odnNlKyn530QkSAk8KRThW9VIGblw
QK7MsjiST/BITbbYkzcgHuxds+KjQFgDhlawsUr9UYpvfK8Ui/+bktYgPvlSLf6K
uFp9PLTwCi5x3asXc8uoNn92IpTLaR0Agqqr2rl/wYQKSC/TeWmyS97VFP2lOXIV
Ol0shTAcheAoAVRjSjDfONbic9OW767AV5Js8bGtbTWLrKU4Cj5ai2lrRiOIukuR
NkAS2zLyIXP0AWU0T3lXhmOl7SLCABEOQ5hUytdKe/ODT5lMaGOQCVbGlEghkOQu
kYg4LVo4357HR0OGGUeCqmJijrtbI8bpbARKqpg1cFE59mcCAwEAAaNTMFEwHQYD
VR0OBBYEFDjTS+uln5VjaiKnEzhqUSCq9kM5MB8GA1UdIwQYMBaAFDjTS+uln5Vj
aiKnEzhqUSCq9kM5MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEB
AMSIxq1PEGMDCZcLl5gqStuaqPlLBn9HK298iLVhKXZanQjUFweCTXG8fKEJPW4Q
OSh6n3sTLnKOS97Y9uNJVeu+A/MyhbWBhyGz1qu27ZRVCTljv8lD2RIxWrNvzR3/
mqcOe/cTa8LG8lDyEtIn7jCSNgO4f7ehJKVCBoSjGYHMOEEUww6x4UCzI4243qpu
BBwTq/2/gbSm9oHzt4lgqcKh1TDYHNX2lbRMtcg2Sd/543ZF9o5LZHukPsEQ4d0X
iNBpdeLY8mFlcv+jfKRoRdXkfwjQpssvO7mnBJH/7UEZQxkYZS/4JxamgsqfDTu3
GKQknPFPcXPj2skiB875mKc=
-----END CERTIFICATE-----`;

/** The same without armour, as metadata carries it. */
export const certificateBase64 = certificatePem.replace(/-----[A-Z ]+-----|\s/g, '');
